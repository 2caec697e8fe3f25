//! Wrong scenes: one line, exit code 2, nothing left behind.

use crate::workplace::{ROOM, Workplace};

fn refuse(scene: &str, line: &str) {
    let workplace = Workplace::with_file("scene.xml", scene);
    workplace.refuse(&["map", "scene.xml", "--tx", "0,0,1", "--output", "map.npz"], line);
}

#[test]
fn a_missing_scene_is_named() {
    let line = "error: nowhere.xml: cannot be read: No such file or directory (os error 2)";
    Workplace::new().refuse(&["map", "nowhere.xml", "--tx", "0,0,1"], line);
    Workplace::new().refuse(&["info", "nowhere.xml"], line);
}

#[test]
fn a_scene_without_triangles_is_refused() {
    let workplace = Workplace::with_file("scene.xml", "<scene version=\"2.1.0\"></scene>");
    let output = workplace.run(&["map", "scene.xml", "--tx", "0,0,1", "--quiet"]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: scene.xml: the scene has no triangles\n");
    assert_eq!((output.status.code(), workplace.files()), (Some(2), vec!["scene.xml".to_owned()]));
}

#[test]
fn an_undefined_material_is_named_with_its_line() {
    refuse(
        "<scene version=\"2.1.0\">\n<bsdf type=\"diffuse\" id=\"itu_wood\"/>\n<shape type=\"rectangle\" id=\"floor\">\n\
         <ref id=\"granite\"/></shape></scene>",
        "error: scene.xml:4: shape `floor` refers to material `granite`, which is not defined (defined: itu_wood)",
    );
}

#[test]
fn a_missing_mesh_is_named_with_its_line() {
    let scene = "<scene version=\"2.1.0\">\n<bsdf type=\"diffuse\" id=\"itu_wood\"/>\n<shape type=\"ply\" id=\"wall\">\
                 <string name=\"filename\" value=\"wall.ply\"/><ref id=\"itu_wood\"/></shape></scene>";
    let workplace = Workplace::with_file("scene.xml", scene);
    let output = workplace.run(&["map", "scene.xml", "--tx", "0,0,1"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.starts_with("error: scene.xml:3: shape `wall`: wall.ply: "), "{errors}");
    assert_eq!((errors.lines().count(), output.status.code()), (1, Some(2)));
}

#[test]
fn broken_xml_is_one_line() {
    for scene in ["", "<scene", "not a scene", "<scene version=\"2.1.0\"><shape></scene>", "\u{0}\u{1}"] {
        let workplace = Workplace::with_file("scene.xml", scene);
        let output = workplace.run(&["map", "scene.xml", "--tx", "0,0,1"]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.starts_with("error: scene.xml"), "{scene:?}: {errors}");
        assert_eq!((errors.lines().count(), output.status.code()), (1, Some(2)), "{scene:?}: {errors}");
        assert_eq!(workplace.files(), ["scene.xml"], "{scene:?}");
    }
}

#[test]
fn a_material_without_values_at_the_frequency_says_what_helps() {
    let line = format!(
        "error: {ROOM}: material `wood` is not defined at 0.0005 GHz (defined: 0.001–100 GHz): choose another \
         frequency, or give relative_permittivity and conductivity in a run file"
    );
    let output = Workplace::new().run(&["map", ROOM, "--tx", "1,1,1", "--frequency", "500kHz"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.contains("is not defined at 0.0005 GHz (defined: "), "{errors} {line}");
    assert!(errors.ends_with("in a run file\n") && errors.lines().count() == 1, "{errors}");
    assert_eq!(output.status.code(), Some(2));
}
