//! Materials mean what they mean to Sionna.
#![allow(clippy::unwrap_used)]

mod common;

use common::{load, warnings_of};
use emberwave_formats::{MaterialDescription, Permittivity, ScatteringPatternDescription};

/// The one material of a scene with this `bsdf`, which a shape uses.
fn material(bsdf: &str, id: &str) -> MaterialDescription {
    let scene = load(scene(bsdf, id)).unwrap();
    assert_eq!((scene.materials.len(), scene.objects[0].material), (1, 0));
    scene.materials[0].clone()
}

fn scene(bsdf: &str, id: &str) -> String {
    format!("<scene>\n{bsdf}\n<shape type=\"rectangle\" id=\"s\"><ref id=\"{id}\"/></shape></scene>")
}

fn itu(name: &str, class: &str) -> MaterialDescription {
    MaterialDescription {
        name: name.into(),
        permittivity: Permittivity::Itu { class: class.into() },
        thickness: 0.1,
        scattering_coefficient: 0.0,
        xpd_coefficient: 0.0,
        scattering_pattern: ScatteringPatternDescription::Lambertian,
    }
}

#[test]
fn a_name_that_says_its_class_is_enough() {
    let blender = r#"<bsdf type="twosided" id="mat-itu_concrete"><bsdf type="diffuse" name="bsdf">
        <rgb name="reflectance" value="0.5 0.5 0.5"/></bsdf></bsdf>"#;
    assert_eq!(material(blender, "mat-itu_concrete"), itu("itu_concrete", "concrete"));
    for (id, name, class) in [
        ("itu_wood", "itu_wood", "wood"),
        ("itu-wood", "itu-wood", "wood"),
        ("mat-itu-wet-ground", "itu-wet-ground", "wet_ground"),
        ("mat-itu_brick.001", "itu_brick.001", "brick"),
    ] {
        for kind in ["diffuse", "principled", "roughconductor", "itu-radio-material"] {
            assert_eq!(material(&format!("<bsdf type=\"{kind}\" id=\"{id}\"/>"), id), itu(name, class));
        }
    }
}

#[test]
fn a_property_has_the_last_word_over_the_name() {
    let bsdf = r#"<bsdf type="diffuse" id="mat-itu_wood"><string name="type" value="metal"/>
        <float name="thickness" value="0.02"/></bsdf>"#;
    let expected = MaterialDescription { thickness: 0.02, ..itu("itu_wood", "metal") };
    assert_eq!(material(bsdf, "mat-itu_wood"), expected);
}

#[test]
fn a_radio_material_states_its_numbers() {
    let bsdf = r#"<bsdf type="radio-material" id="mat-wall"><float name="relative_permittivity" value="3.5"/>
        <float name="conductivity" value="1e-2"/><integer name="thickness" value="1"/>
        <float name="scattering_coefficient" value="0.25"/><float name="xpd_coefficient" value=" 0.5 "/>
        <string name="scattering_pattern" value="backscattering"/><integer name="alpha_r" value="4"/>
        <float name="alpha_i" value="2"/><float name="lambda_" value="0.75"/><rgb name="color" value="1 0 0"/></bsdf>"#;
    let expected = MaterialDescription {
        name: "wall".into(),
        permittivity: Permittivity::Constant { relative_permittivity: 3.5, conductivity: 0.01 },
        thickness: 1.0,
        scattering_coefficient: 0.25,
        xpd_coefficient: 0.5,
        scattering_pattern: ScatteringPatternDescription::Backscattering {
            alpha_r: 4,
            alpha_i: 2,
            lambda_: 0.75,
        },
    };
    assert_eq!(material(bsdf, "mat-wall"), expected);
    let vacuum = Permittivity::Constant { relative_permittivity: 1.0, conductivity: 0.0 };
    let bare = material("<bsdf type=\"radio-material\" id=\"a\"/>", "a");
    assert_eq!(bare, MaterialDescription { permittivity: vacuum, ..itu("a", "") });
    let directive =
        r#"<bsdf type="radio-material" id="a"><string name="scattering_pattern" value="directive"/></bsdf>"#;
    let pattern = material(directive, "a").scattering_pattern;
    assert_eq!(pattern, ScatteringPatternDescription::Directive { alpha_r: 1 });
}

#[test]
fn materials_keep_the_order_of_their_definitions_and_only_used_ones_stay() {
    let scene = load(
        r#"<scene>
        <shape type="rectangle" id="a"><ref id="itu_wood" name="bsdf"/></shape>
        <bsdf type="diffuse" id="itu_metal"/>
        <bsdf type="principled" id="paint"/>
        <shape type="rectangle" id="b"><bsdf type="diffuse" id="itu_glass"/></shape>
        <bsdf type="diffuse" id="itu_wood"/>
        <shape type="rectangle" id="c"><ref id="itu_glass"/></shape>
        </scene>"#,
    )
    .unwrap();
    let names: Vec<_> = scene.materials.iter().map(|material| material.name.as_str()).collect();
    assert_eq!(names, ["itu_glass", "itu_wood"]);
    let used: Vec<_> = scene.objects.iter().map(|object| (object.name(), object.material)).collect();
    assert_eq!(used, [("a", 1), ("b", 0), ("c", 0)]);
}

#[test]
fn what_has_no_effect_is_a_warning_that_names_it() {
    let xml = r#"<scene version="3.0.0">
<sensor type="perspective" id="camera"><film type="hdrfilm"/></sensor>
<wibble/>
<bsdf type="diffuse" id="paint"/>
<bsdf type="radio-material" id="wall">
<float name="roughness" value="1"/>
<float name="alpha_r" value="2"/>
<float name="scattering_coefficient" value="0.5"/></bsdf>
<bsdf type="diffuse" id="itu_glass"><float name="alpha" value="1"/><float name="thickness" value="0"/></bsdf>
<shape type="rectangle" id="a"><ref id="wall"/>
<emitter type="area"/><float name="size" value="1"/></shape>
<shape type="rectangle" id="b"><ref id="itu_glass"/><ref id="air" name="interior"/></shape>
</scene>"#;
    assert_eq!(
        warnings_of(xml),
        [
            "street.xml:2: `sensor` means nothing to radio and was ignored",
            "street.xml:3: tag `wibble` is not known and was ignored",
            "street.xml:5: material `wall`: scattering_coefficient is 0.5: while diffuse reflection is off it only scales specular reflection by sqrt(1 - S^2)",
            "street.xml:6: material `wall`: property `roughness` has no effect and was ignored",
            "street.xml:7: material `wall`: property `alpha_r` has no effect and was ignored",
            "street.xml:9: material `itu_glass`: thickness is 0: the material is transparent",
            "street.xml:11: shape `a`: `emitter` means nothing to radio and was ignored",
            "street.xml:11: shape `a`: property `size` has no effect and was ignored",
            "street.xml:12: shape `b`: `ref` means nothing to radio and was ignored",
            "street.xml:4: material `paint` is used by no shape and was left out",
        ]
    );
}

#[test]
fn a_byte_order_mark_and_an_xml_declaration_are_no_trouble() {
    let text = format!(
        "\u{feff}<?xml version='1.0' encoding='utf-8'?>\r\n<!-- a -- b -->\r\n{}",
        scene("<bsdf type='diffuse' id='itu_wood'/>", "itu_wood")
    );
    assert_eq!(load(text).unwrap().materials, [itu("itu_wood", "wood")]);
    assert_eq!(warnings_of("<scene/>"), ["street.xml:1: the scene has no objects"]);
}
