//! The ring in three moments, for readers whose browser runs no scripts.

use std::f64::consts::TAU;
use std::fmt::Write;

use super::player::Player;
use super::record::CARTS;
use super::world::{Choice, TOKENS};
use crate::cluster::NodeState;
use crate::error::Result;
use crate::figures::Theme;
use crate::gossip::Membership;
use crate::key::Key;
use crate::node_id::NodeId;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 380.0;
const RANGES: f64 = 108.0;
const LETTERS: f64 = 132.0;
const WAY: f64 = 74.0;

/// Letters of tokens that are neighbours stand this share of the way around apart.
const APART: f64 = 0.027;

/// Draws a write while all nodes run, one while a home node is down, and what follows when it is back.
///
/// # Errors
///
/// When the cluster does not come to rest, which no seed should cause.
pub fn picture(seed: u64, theme: Theme) -> Result<String> {
    let cart = Key::new(CARTS[0]);
    let mut player = Player::new(seed)?;
    let homes = player.homes(&cart);
    let away = homes[0];
    let moments = [
        ("1. A write, on three nodes", &[Choice::Write][..]),
        (
            &format!("2. {away} is down: a hint"),
            &[Choice::Fail(away), Choice::Write],
        ),
        (&format!("3. {away} is back"), &[Choice::Heal]),
    ];
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" text-anchor=\"middle\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n",
        theme.paper_code()
    );
    for (place, (title, choices)) in moments.iter().enumerate() {
        for choice in *choices {
            player.choose(*choice, &cart)?;
        }
        let centre = (WIDTH * (place as f64 + 0.5) / 3.0, 180.0);
        let mut panel = Panel { centre, theme, svg };
        panel.draw(&player, &cart, &homes, title);
        svg = panel.svg;
    }
    Ok(svg + "</svg>\n")
}

struct Panel {
    centre: (f64, f64),
    theme: Theme,
    svg: String,
}

impl Panel {
    fn draw(&mut self, player: &Player, cart: &Key, homes: &[NodeId], title: &str) {
        let world = player.world();
        let ring = Membership::of(world.members()).ring(TOKENS);
        let nodes = player.nodes();
        let ink = self.theme.ink_code();
        for range in ring.ranges() {
            let Some(owner) = ring.owner(range.up_to) else {
                continue;
            };
            let colour = self.theme.node_code(owner);
            let dashes = match world.down.contains(&owner) {
                true => " stroke-dasharray=\"2 4\"",
                false => "",
            };
            let path = self.arc(range.after.turn(), range.up_to.turn(), RANGES);
            self.add(&format!(
                "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"12\"{dashes}/>"
            ));
        }
        let tokens: Vec<(f64, NodeId)> = ring
            .tokens()
            .iter()
            .map(|(position, node)| (position.turn(), *node))
            .collect();
        for ((turn, node), at) in tokens.iter().zip(spread(&tokens)) {
            let ((x, y), (far_x, far_y)) = (
                self.point(*turn, RANGES - 8.0),
                self.point(*turn, RANGES + 8.0),
            );
            let (to_x, to_y) = self.point(at, LETTERS - 9.0);
            self.add(&format!(
                "<path d=\"M {x:.1} {y:.1} L {far_x:.1} {far_y:.1} L {to_x:.1} {to_y:.1}\" \
                 fill=\"none\" stroke=\"{ink}\" stroke-width=\"1\"/>"
            ));
            let colour = self.theme.node_code(*node);
            self.text(
                self.point(at, LETTERS),
                &node.to_string(),
                13,
                &colour,
                true,
            );
        }
        self.way(cart, homes, &tokens, &nodes);
        let (x, _) = self.centre;
        self.text((x, HEIGHT - 34.0), title, 16, &ink, true);
        self.text((x, HEIGHT - 12.0), &held(&nodes), 14, &ink, false);
    }

    /// From the cart clockwise to its home nodes, and on to those that keep it for one of them.
    fn way(&mut self, cart: &Key, homes: &[NodeId], tokens: &[(f64, NodeId)], nodes: &[NodeState]) {
        let (ink, paper) = (self.theme.ink_code(), self.theme.paper_code());
        let start = cart.position().turn();
        let onward = |node: NodeId| {
            let turns = tokens.iter().filter(|token| token.1 == node);
            let distances = turns.map(|token| (token.0 - start).rem_euclid(1.0));
            start + distances.fold(1.0, f64::min)
        };
        let keeps = nodes.iter().filter(|node| !node.hints.is_empty());
        let stops: Vec<NodeId> = homes
            .iter()
            .copied()
            .chain(keeps.map(|it| it.node))
            .collect();
        let last = stops.iter().map(|node| onward(*node)).fold(start, f64::max);
        let path = self.arc(start, last, WAY);
        self.add(&format!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.5\"/>"
        ));
        for stop in stops {
            let node = &nodes[stop.index()];
            let colour = self.theme.node_code(stop);
            let holds = node.up && !(node.holds.is_empty() && node.hints.is_empty());
            let (x, y) = self.point(onward(stop), WAY);
            let fill = if holds { &colour } else { &paper };
            let dashes = if node.up {
                ""
            } else {
                " stroke-dasharray=\"3 3\""
            };
            self.add(&format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"10\" fill=\"{fill}\" \
                 stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>"
            ));
            let letter = if holds { &paper } else { &ink };
            self.text((x, y), &stop.to_string(), 12, letter, true);
        }
        let (x, y) = self.point(start, WAY);
        self.add(&format!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\" fill=\"{ink}\" \
             transform=\"rotate(45 {x:.1} {y:.1})\"/>",
            x - 5.0,
            y - 5.0
        ));
        self.text(self.point(start, WAY - 22.0), cart.name(), 14, &ink, true);
    }

    fn point(&self, turn: f64, radius: f64) -> (f64, f64) {
        let angle = TAU * turn;
        let (x, y) = self.centre;
        (x + radius * libm::sin(angle), y - radius * libm::cos(angle))
    }

    /// Clockwise from one place to another.
    fn arc(&self, from: f64, to: f64, radius: f64) -> String {
        let ((x, y), (to_x, to_y)) = (self.point(from, radius), self.point(to, radius));
        let long = u8::from((to - from).rem_euclid(1.0) > 0.5);
        format!("M {x:.1} {y:.1} A {radius} {radius} 0 {long} 1 {to_x:.1} {to_y:.1}")
    }

    fn text(&mut self, (x, y): (f64, f64), words: &str, size: u8, colour: &str, bold: bool) {
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        self.add(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" dy=\"0.35em\" font-size=\"{size}\" \
             fill=\"{colour}\"{weight}>{words}</text>"
        ));
    }

    fn add(&mut self, element: &str) {
        // A string takes everything that is written to it.
        let _ = writeln!(self.svg, "{element}");
    }
}

/// Who holds what, in a line: `A, D {bread, milk}   B {milk}`.
fn held(nodes: &[NodeState]) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for node in nodes {
        for held in node.holds.iter().chain(&node.hints) {
            let who = match held.keeps_for {
                Some(home) => format!("{} for {home}", node.node),
                None => node.node.to_string(),
            };
            let cart = held.cart.to_string();
            match groups.iter_mut().find(|group| group.0 == cart) {
                Some(group) => group.1.push(who),
                None => groups.push((cart, vec![who])),
            }
        }
    }
    let groups = groups
        .iter()
        .map(|(cart, who)| format!("{}: {cart}", who.join(", ")));
    groups.collect::<Vec<_>>().join(" · ")
}

/// Where the letters stand: at their tokens, or a little aside where tokens are too near.
fn spread(tokens: &[(f64, NodeId)]) -> Vec<f64> {
    let mut places: Vec<f64> = tokens.iter().map(|token| token.0).collect();
    for _ in 0..60 {
        for place in 0..places.len() {
            let next = (place + 1) % places.len();
            let gap = (places[next] - places[place] + 1.5).rem_euclid(1.0) - 0.5;
            if gap < APART {
                let push = (APART - gap) / 2.0;
                places[place] -= push;
                places[next] += push;
            }
        }
    }
    places
}
