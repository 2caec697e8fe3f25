//! Writes a mesh as binary little-endian PLY, in the form of Sionna RT's own scene files.

use crate::mesh::Mesh;

/// The bytes of the file.
pub fn to_bytes(mesh: &Mesh) -> Vec<u8> {
    let header = format!(
        "ply\nformat binary_little_endian 1.0\nelement vertex {}\nproperty float x\nproperty float y\nproperty float z\n\
         element face {}\nproperty list uchar int vertex_indices\nend_header\n",
        mesh.vertices().len(),
        mesh.triangles().len()
    );
    let mut bytes = header.into_bytes();
    bytes.extend(mesh.vertices().iter().flatten().flat_map(|coordinate| coordinate.to_le_bytes()));
    for triangle in mesh.triangles() {
        bytes.push(3);
        bytes.extend(triangle.iter().flat_map(|vertex| vertex.to_le_bytes()));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::to_bytes;
    use crate::mesh::Mesh;

    #[test]
    fn file_is_header_then_twelve_bytes_a_vertex_and_thirteen_a_face() {
        let mut mesh = Mesh::default();
        mesh.polygon(&[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
        let bytes = to_bytes(&mesh);
        let marker = b"end_header\n";
        let header =
            bytes.windows(marker.len()).position(|window| window == marker).map(|at| at + marker.len());
        assert_eq!(header.map(|length| bytes.len() - length), Some(3 * 12 + 13));
        assert!(bytes.starts_with(b"ply\nformat binary_little_endian 1.0\nelement vertex 3\n"));
        assert!(bytes.ends_with(&[3, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]));
    }
}
