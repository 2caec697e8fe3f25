//! A tree of boxes, for finding what is near.

use emberwave_geometry::Aabb;

const LEAF: usize = 4;

/// Boxes sorted into a binary tree by the medians of their centres.
pub(super) struct BoxTree {
    nodes: Vec<Node>,
    /// Numbers of the boxes, leaf by leaf.
    order: Vec<usize>,
}

struct Node {
    bounds: Aabb,
    range: [usize; 2],
    /// Number of the second child; the first is the next node. 0 marks a leaf.
    second: usize,
}

impl BoxTree {
    pub(super) fn new(boxes: &[Aabb], items: Vec<usize>) -> Self {
        let mut tree = Self { nodes: Vec::new(), order: items };
        if !tree.order.is_empty() {
            tree.build(boxes, [0, tree.order.len()]);
        }
        tree
    }

    /// Halves keep the depth at log₂ of the number of boxes.
    fn build(&mut self, boxes: &[Aabb], [start, end]: [usize; 2]) {
        let items = &mut self.order[start..end];
        let bounds = items.iter().fold(Aabb::EMPTY, |bounds, item| bounds.union(boxes[*item]));
        let node = self.nodes.len();
        if items.len() > LEAF {
            let axis = bounds.size().max_position();
            let middle = items.len() / 2;
            items.select_nth_unstable_by(middle, |a, b| {
                boxes[*a].center()[axis].total_cmp(&boxes[*b].center()[axis])
            });
            self.nodes.push(Node { bounds, range: [start, end], second: 0 });
            self.build(boxes, [start, start + middle]);
            self.nodes[node].second = self.nodes.len();
            self.build(boxes, [start + middle, end]);
        } else {
            self.nodes.push(Node { bounds, range: [start, end], second: 0 });
        }
    }

    /// The first box that touches `query` and of which `matches` is true.
    pub(super) fn find(&self, query: Aabb, mut matches: impl FnMut(usize) -> bool) -> Option<usize> {
        let mut stack = Vec::from_iter((!self.nodes.is_empty()).then_some(0));
        while let Some(index) = stack.pop() {
            let node = &self.nodes[index];
            if !(query.min.cmple(node.bounds.max) & node.bounds.min.cmple(query.max)).all() {
                continue;
            }
            if node.second > 0 {
                stack.extend([node.second, index + 1]);
            } else if let Some(found) =
                self.order[node.range[0]..node.range[1]].iter().find(|item| matches(**item))
            {
                return Some(*found);
            }
        }
        None
    }
}
