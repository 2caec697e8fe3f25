//! What is wrong is named in one line with file, line and id.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Folder, TRIANGLE, error_of};

const GLASS: &str =
    r#"<bsdf type="itu-radio-material" id="glass"><string name="type" value="glass"/></bsdf>"#;
const PLY: &str = r#"<string name="filename" value="triangle.ply"/>"#;

/// A scene with a good material in line 2 and this from line 3 on.
fn with(rest: &str) -> String {
    format!("<scene version=\"2.1.0\">\n{GLASS}\n{rest}\n</scene>\n")
}

/// A scene with a wall of glass whose shape has this inside.
fn wall(inside: &str) -> String {
    with(&format!("<shape type=\"ply\" id=\"wall\">\n{PLY}<ref id=\"glass\"/>\n{inside}\n</shape>"))
}

/// A scene with a material of this type and these properties in line 4, which a wall uses.
fn material(kind: &str, properties: &str) -> String {
    with(&format!(
        "<bsdf type=\"{kind}\" id=\"stone\">\n{properties}</bsdf>\n<shape type=\"ply\" id=\"wall\">{PLY}<ref id=\"stone\"/></shape>"
    ))
}

#[test]
fn references_and_ids_are_checked() {
    for (xml, message) in [
        (
            with(&format!("<shape type=\"ply\" id=\"wall-3\">\n{PLY}\n<ref id=\"granite\"/></shape>")),
            "street.xml:5: shape `wall-3` refers to material `granite`, which is not defined (defined: glass)",
        ),
        (
            format!("<scene><shape type=\"ply\" id=\"w\">{PLY}<ref id=\"x\"/></shape></scene>"),
            "street.xml:1: shape `w` refers to material `x`, which is not defined (none is)",
        ),
        (
            with(&format!("<shape type=\"ply\" id=\"wall\">{PLY}</shape>")),
            "street.xml:3: shape `wall` has no material: add `<ref id=\"...\"/>` or a `bsdf`",
        ),
        (wall("<ref/>"), "street.xml:5: shape `wall`: a `ref` has no attribute `id`"),
        (wall("<ref id=\"glass\"/>"), "street.xml:5: shape `wall`: `bsdf` was already given in line 4"),
        (with("<shape type=\"ply\"/>"), "street.xml:3: a `shape` has no attribute `id`"),
        (with("<bsdf type=\"diffuse\"/>"), "street.xml:3: a `bsdf` has no attribute `id`"),
        (with("<shape id=\"wall\"/>"), "street.xml:3: shape `wall` has no attribute `type`"),
        (with(GLASS), "street.xml:3: id `glass` is already used by material `glass` in line 2"),
        (
            with("<bsdf type=\"diffuse\" id=\"mat-glass\"/>"),
            "street.xml:3: id `mat-glass` is already used by material `glass` in line 2",
        ),
        (
            with("<shape type=\"cube\" id=\"a\"/>\n<shape type=\"cube\" id=\"mesh-a\"/>"),
            "street.xml:4: id `mesh-a` is already used by shape `a` in line 3",
        ),
        (
            with("<shape type=\"hair\" id=\"wig\"/>"),
            "street.xml:3: shape `wig`: type `hair` is not supported yet (supported: cube, disk, obj, ply, rectangle, sphere)",
        ),
    ] {
        assert_eq!(error_of(&xml), message, "{xml}");
    }
}

#[test]
fn materials_are_checked() {
    let known = emberwave_formats::ITU_CLASSES.join(", ");
    for (xml, message) in [
        (
            material("itu-radio-material", "<string name=\"type\" value=\"granite\"/>"),
            format!("street.xml:4: material `stone`: `granite` is not an ITU class (known: {known})"),
        ),
        (
            with("<bsdf type=\"diffuse\" id=\"mat-itu_granite\"/>"),
            format!("street.xml:3: material `mat-itu_granite`: `granite` is not an ITU class (known: {known})"),
        ),
        (
            material("itu-radio-material", ""),
            "street.xml:3: material `stone` has no `<string name=\"type\" value=\"...\"/>`".into(),
        ),
        (
            material("principled", ""),
            format!(
                "street.xml:3: material `stone` is a `principled`, used by shape `wall`, and says nothing about radio: \
                 rename it after its ITU class, as in `mat-itu_concrete` ({known}), or make it a `radio-material`"
            ),
        ),
        (
            material("diffuse", "").replace("stone", "mat-marble"),
            "street.xml:3: material `mat-marble` is a `diffuse`, used by shape `wall`, and says nothing about radio: \
             rename it to `mat-itu_marble`"
                .into(),
        ),
        (
            material("absorber-radio-material", ""),
            "street.xml:3: material `stone`: type `absorber-radio-material` is not supported yet \
             (supported: itu-radio-material, radio-material)"
                .into(),
        ),
        (
            with("<bsdf id=\"stone\"/>"),
            "street.xml:3: material `stone` has no attribute `type`".into(),
        ),
    ] {
        assert_eq!(error_of(&xml), message, "{xml}");
    }
}

#[test]
fn material_parameters_are_checked() {
    let at_least_0 = "a finite number that is at least 0";
    for (name, value, expected) in [
        ("thickness", "-0.1", at_least_0),
        ("thickness", "NaN", at_least_0),
        ("thickness", "inf", at_least_0),
        ("thickness", "1e999", at_least_0),
        ("thickness", "", at_least_0),
        ("thickness", "0,1", at_least_0),
        ("thickness", "10cm", at_least_0),
        ("conductivity", "-1e-9", at_least_0),
        ("relative_permittivity", "0.99", "a finite number that is at least 1"),
        ("scattering_coefficient", "1.1", "a number from 0 to 1"),
        ("xpd_coefficient", "-0.5", "a number from 0 to 1"),
    ] {
        let xml = material("radio-material", &format!("<float name=\"{name}\" value=\"{value}\"/>"));
        let message = format!("street.xml:4: material `stone`: `{name}` is `{value}`, expected {expected}");
        assert_eq!(error_of(&xml), message);
    }
    for (property, message) in [
        ("<string name=\"thickness\" value=\"1\"/>", "`thickness` is `<string>`, expected a `float`"),
        (
            "<string name=\"scattering_pattern\" value=\"blob\"/>",
            "`scattering_pattern` is `blob`, expected `lambertian`, `directive` or `backscattering`",
        ),
        (
            "<string name=\"scattering_pattern\" value=\"directive\"/><integer name=\"alpha_r\" value=\"0\"/>",
            "`alpha_r` is `0`, expected a whole number that is at least 1",
        ),
        (
            "<float name=\"thickness\" value=\"1\"/><float name=\"thickness\" value=\"1\"/>",
            "`thickness` was already given in line 4",
        ),
    ] {
        let message = format!("street.xml:4: material `stone`: {message}");
        assert_eq!(error_of(material("radio-material", property)), message);
    }
    assert_eq!(
        error_of(material("radio-material", "<float name=\"thickness\"/>")),
        "street.xml:4: material `stone` has no attribute `value`"
    );
    assert_eq!(
        error_of(material("radio-material", "<float value=\"1\"/>")),
        "street.xml:4: material `stone`: a `float` has no attribute `name`"
    );
}

#[test]
fn transforms_are_checked() {
    let numbers = |count: usize| vec!["1"; count].join(" ");
    for (step, message) in [
        ("<bogus/>", "`bogus` is no step of a transform (known: translate, rotate, scale, lookat, matrix)"),
        ("<rotate angle=\"3\"/>", "the axis of a rotation is zero"),
        ("<scale x=\"2\" value=\"3\"/>", "`scale` has both `value` and `x`, `y` or `z`"),
        ("<translate x=\"a\"/>", "`translate x` is `a`, expected a finite number"),
        ("<translate value=\"1 2\"/>", "`translate value` is `1 2`, expected one or three finite numbers"),
        ("<matrix value=\"1 NaN\"/>", "`matrix value` is `1 NaN`, expected 9 or 16 finite numbers"),
        (&format!("<matrix value=\"{}\"/>", numbers(16)), "the last row of a matrix must be `0 0 0 1`"),
        (
            "<lookat origin=\"0 0 0\" target=\"0 0 1\" up=\"0 0 1\"/>",
            "`lookat` has no direction, or `up` is along it",
        ),
        ("<scale value=\"1e39\"/>", "`to_world` moves vertices beyond the range of f32"),
    ] {
        let xml = wall(&format!("<transform name=\"to_world\">{step}</transform>"));
        let line = if message.contains("f32") { 3 } else { 5 };
        assert_eq!(error_of(&xml), format!("street.xml:{line}: shape `wall`: {message}"));
    }
    assert_eq!(
        error_of(wall("<transform name=\"to_world\"><rotate x=\"1\"/></transform>")),
        "street.xml:5: shape `wall` has no attribute `angle`"
    );
    assert_eq!(
        error_of(wall("<boolean name=\"face_normals\" value=\"maybe\"/>")),
        "street.xml:5: shape `wall`: `face_normals` is `maybe`, expected `true` or `false`"
    );
}

#[test]
fn mesh_files_are_checked() {
    let folder = Folder::new();
    let load = |ply: &str| {
        folder.write("wall.ply", ply);
        let xml = folder.write(
            "street.xml",
            with("<shape type=\"ply\" id=\"wall\">\n<string name=\"filename\" value=\"wall.ply\"/><ref id=\"glass\"/></shape>"),
        );
        let message = emberwave_formats::load_scene(&xml).unwrap_err().to_string();
        message.replace(&format!("{}/", folder.path().display()), "")
    };
    for (find, replace, message) in [
        ("ply\n", "pyl\n", "is not a PLY file: its first line is not `ply`"),
        ("ascii 1.0", "morse 1.0", "line 2 of the header: format `morse` is not known"),
        ("element vertex 3", "element vertex -3", "line 3 of the header: `-3` is not a count"),
        ("property float z", "property quad z", "line 6 of the header: type `quad` is not known"),
        ("property float z", "property float y", "line 6 of the header: property `y` is declared twice"),
        ("float z", "float height", "element `vertex` does not declare `z`"),
        ("end_header", "end_footer", "line 9 of the header: `end_footer` is not understood"),
        ("vertex_indices", "corners", "element `face` does not declare a list of integers `vertex_indices`"),
        (
            "vertex 3",
            "vertex 4000000000",
            "is truncated: 4000000000 rows of `vertex` are declared, but the data ends in or before row 4",
        ),
        (
            "face 1",
            "face 2",
            "is truncated: 2 rows of `face` are declared, but the data ends in or before row 1",
        ),
        ("1 0 0", "1 0 zero", "row 0 of `vertex`: `zero` is not a number of the declared type"),
        ("1 0 0", "1 NaN 0", "vertex 0 is not finite"),
        ("1 0 0", "1 1e39 0", "vertex 0 is not finite"),
        ("3 0 1 2", "2 0 1", "face 0 has 2 corners, expected at least 3"),
        ("3 0 1 2", "300 0 1 2", "row 0 of `face`: `300` is not a number of the declared type"),
        ("3 0 1 2", "3 0 1 3", "face 0 refers to vertex 3, but there are 3 vertices"),
        ("3 0 1 2", "3 0 1 -1", "face 0 refers to vertex -1"),
    ] {
        let found = load(&TRIANGLE.replacen(find, replace, 1));
        assert_eq!(found, format!("street.xml:4: shape `wall`: wall.ply: {message}"), "{replace}");
    }
}

#[test]
fn missing_files_are_named() {
    let shape = |name| {
        with(&format!(
            "<shape type=\"ply\" id=\"wall\">\n<string name=\"filename\" value=\"{name}\"/><ref id=\"glass\"/></shape>"
        ))
    };
    assert_eq!(
        error_of(shape("gone.ply")),
        "street.xml:4: shape `wall`: gone.ply: cannot be read: No such file or directory (os error 2)"
    );
    assert_eq!(error_of(shape(".")), "street.xml:4: shape `wall`: .: is not a regular file");
    assert_eq!(
        error_of(with("<shape type=\"ply\" id=\"wall\"><ref id=\"glass\"/></shape>")),
        "street.xml:3: shape `wall` has no `<string name=\"filename\" value=\"...\"/>`"
    );
    let error = emberwave_formats::load_scene("no/such.xml".as_ref()).unwrap_err().to_string();
    assert_eq!(error, "no/such.xml: cannot be read: No such file or directory (os error 2)");
}

#[test]
fn xml_that_is_not_a_scene_is_refused() {
    let deep = "<a>".repeat(100);
    for (xml, message) in [
        ("", "street.xml:1: there is no element in this file"),
        ("<scene>\n<shape", "street.xml:2: syntax error: tag not closed: `>` not found before end of input"),
        ("\n<scene>\n", "street.xml:2: `scene` is never closed"),
        (
            "<scene>\n</scen>",
            "street.xml:2: ill-formed document: expected `</scene>`, but `</scen>` was found",
        ),
        ("<scene/>\n<scene/>", "street.xml:2: a second root element"),
        ("<html/>", "street.xml:1: the root element is `html`, expected `scene`"),
        (&deep, "street.xml:1: nested deeper than 64 elements"),
        (
            "<!DOCTYPE a [<!ENTITY b \"c\">]>\n<scene version=\"&b;\"/>",
            "street.xml:2: attribute `version`: at 1..2: unrecognized entity `b`",
        ),
        (
            "<scene>\n<shape id=\"a&#10;b\"/></scene>",
            "street.xml:2: attribute `id` contains a control character",
        ),
        ("<scene>\n<a b=\"$c\"/></scene>", "street.xml:2: parameter `$c` has no `default` before it"),
        (
            "<scene><include filename=\"street.xml\"/></scene>",
            "street.xml:1: too many included files; does one include itself?",
        ),
        (
            "<scene>\n<include filename=\"gone.xml\"/></scene>",
            "street.xml:2: include `gone.xml`: No such file or directory (os error 2)",
        ),
    ] {
        assert_eq!(error_of(xml), message);
    }
    assert_eq!(error_of(b"<scene>\n<a b=\"\xe9\"/></scene>"), "street.xml:2: this line is not UTF-8");
    assert_eq!(error_of(b"\xff\xfe<\0s\0"), "street.xml:1: the file is UTF-16, expected UTF-8");
}

#[test]
fn the_first_error_of_the_document_is_reported_every_time() {
    let shapes: String = (0..50)
        .map(|i| format!("<shape type=\"ply\" id=\"s{i}\"><string name=\"filename\" value=\"gone-{i}.ply\"/><ref id=\"glass\"/></shape>"))
        .collect();
    for _ in 0..20 {
        assert!(error_of(with(&shapes)).starts_with("street.xml:3: shape `s0`: gone-0.ply: "));
    }
}
