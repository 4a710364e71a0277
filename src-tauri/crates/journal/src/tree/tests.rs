//! The tree against RFC 9162's own recursive definition, and proofs against every other claim.

use proptest::prelude::*;

use super::*;

fn leaf(number: u64) -> LeafHash {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(number.to_be_bytes());
    LeafHash::from(<[u8; 32]>::from(hash.finalize()))
}

/// MTH of RFC 9162 §2.1.1, word for word.
fn by_definition(leaves: &[LeafHash]) -> TreeHash {
    match leaves {
        [] => TreeHash::empty(),
        [one] => TreeHash::from(*one),
        many => {
            let (left, right) = many.split_at(many.len().next_power_of_two() / 2);
            TreeHash::of(&by_definition(left), &by_definition(right))
        }
    }
}

fn leaves(size: u64) -> Vec<LeafHash> {
    (0..size).map(leaf).collect()
}

fn at(leaves: &[LeafHash]) -> impl Fn(Span) -> TreeHash {
    |span| {
        let kept = |subtree: Subtree| {
            let from = (subtree.index << subtree.level) as usize;
            Some(by_definition(&leaves[from..from + (1 << subtree.level)]))
        };
        span.hash(kept).expect("a span of leaves")
    }
}

/// The tree of the reference implementation's test data: RFC 6962's first vectors, eight inputs.
#[test]
fn roots_are_those_of_the_published_vectors() {
    let inputs: [&[u8]; 8] = [
        b"",
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    assert_eq!(format!("{:?}", TreeHash::empty()), "TreeHash(e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855)");
    let mut tree = Frontier::default();
    for (input, root) in inputs.into_iter().zip(roots) {
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(input);
        tree.push(LeafHash::from(<[u8; 32]>::from(hash.finalize())));
        assert_eq!(format!("{:?}", tree.root()), format!("TreeHash({root})"));
    }
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_and_no_other_place_is() {
    for size in 1..=40 {
        let all = leaves(size);
        let (root, hash) = (by_definition(&all), at(&all));
        for index in 0..size {
            let proof: Vec<TreeHash> = inclusion(index, size).expect("a leaf of the tree").into_iter().map(&hash).collect();
            for claimed in 0..size + 2 {
                assert_eq!(includes(&root, size, claimed, leaf(index), &proof), claimed == index, "{index} of {size} at {claimed}");
            }
            assert!(!includes(&root, size, index, leaf(size + 9), &proof));
            let longer: Vec<TreeHash> = proof.iter().copied().chain([TreeHash::empty()]).collect();
            assert!(!includes(&root, size, index, leaf(index), &longer));
            if let Some((_, shorter)) = proof.split_last() {
                assert!(!includes(&root, size, index, leaf(index), shorter));
            }
        }
        assert_eq!(inclusion(size, size), None);
    }
}

#[test]
fn every_small_tree_is_proved_to_begin_with_every_smaller_one_and_with_no_other() {
    let all = leaves(40);
    let (hash, empty) = (at(&all), TreeHash::empty());
    let roots: Vec<TreeHash> = (0..=all.len()).map(|size| by_definition(&all[..size])).collect();
    for new in 0..=40u64 {
        for old in 0..=new {
            let proof: Vec<TreeHash> = consistency(old, new).expect("not larger").into_iter().map(&hash).collect();
            let (root, other) = (&roots[old as usize], &roots[new as usize]);
            assert!(consistent((root, old), (other, new), &proof), "{old} in {new}");
            for wrong in (1..=40u64).filter(|wrong| *wrong != old) {
                assert!(!consistent((&roots[wrong as usize], old), (other, new), &proof), "{old} in {new} with the root of {wrong}");
            }
            if old != new {
                assert!(!consistent((root, old), (&empty, new), &proof) || old == 0);
            }
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at] = empty;
                assert!(!consistent((root, old), (other, new), &changed), "{old} in {new}, hash {at} changed");
            }
        }
    }
    assert_eq!(consistency(3, 2), None);
    assert!(!consistent((&roots[3], 3), (&roots[2], 2), &[]));
}

proptest! {
    /// However it is grown, leaf by leaf or by complete subtrees, and wherever it is taken up again, the root is that of the
    /// definition.
    #[test]
    fn a_frontier_has_the_root_of_the_definition(size in 0u64..600, stops in prop::collection::vec(0u64..600, 0..4)) {
        let all = leaves(size);
        let mut tree = Frontier::default();
        for (number, one) in (0..).zip(&all) {
            if stops.contains(&number) {
                let peaks: Vec<TreeHash> = Span::first(number).subtrees().into_iter()
                    .map(|subtree| at(&all)(Span { start: subtree.index << subtree.level, end: (subtree.index + 1) << subtree.level })).collect();
                prop_assert_eq!(Frontier::resumed(number, peaks), Some(tree.clone()));
            }
            tree.push(*one);
        }
        prop_assert_eq!(tree.root(), by_definition(&all));
        let mut joined = Frontier::default();
        for subtree in Span::first(size).subtrees() {
            let from = (subtree.index << subtree.level) as usize;
            prop_assert!(joined.push_subtree(by_definition(&all[from..from + (1 << subtree.level)]), subtree.level).is_some());
        }
        prop_assert_eq!(joined, tree);
    }

    /// Of a tree of a thousand million leaves, proofs are planned without walking it, and stay short.
    #[test]
    fn proofs_of_large_trees_are_short(size in 1u64..1 << 40, index in any::<u64>(), old in any::<u64>()) {
        prop_assert!(inclusion(index % size, size).is_some_and(|spans| spans.len() <= 40));
        prop_assert!(consistency(old % size, size).is_some_and(|spans| spans.len() <= 41));
    }
}

#[test]
fn a_subtree_that_does_not_fit_is_not_added() {
    let mut tree = Frontier::default();
    tree.push(leaf(0));
    let before = tree.clone();
    assert_eq!(tree.push_subtree(TreeHash::empty(), 1), None);
    assert_eq!(tree.push_subtree(TreeHash::empty(), 64), None);
    assert_eq!(tree, before);
    assert_eq!(Frontier::resumed(3, vec![TreeHash::empty()]), None);
}
