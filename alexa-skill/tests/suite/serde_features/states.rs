//! One state for each of serde's features, or for a few that belong together.

use super::Feature;

macro_rules! feature {
    ($type:ty, $others:ident, [$($state:expr),+ $(,)?]) => {
        impl Feature for $type {
            const OTHERS: crate::serde_features::Others = crate::serde_features::Others::$others;
            fn states() -> Vec<Self> {
                vec![$($state),+]
            }
        }
    };
}

pub mod names {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Rename {
        #[serde(rename = "n")]
        pub count: u32,
        #[serde(rename = "of the user")]
        pub name: String,
    }
    feature!(
        Rename,
        First,
        [
            Rename {
                count: 1,
                name: "Ada".into()
            },
            Rename {
                count: 0,
                name: "Bob".into()
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    pub struct RenameAll {
        pub best_score: u32,
        pub first_played: Option<String>,
    }
    feature!(
        RenameAll,
        First,
        [
            RenameAll {
                best_score: 1,
                first_played: Some("today".into())
            },
            RenameAll {
                best_score: 2,
                first_played: None
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Alias {
        #[serde(alias = "oldCount")]
        pub count: u32,
        #[serde(alias = "champion", skip_serializing_if = "Option::is_none")]
        pub best: Option<String>,
    }
    feature!(
        Alias,
        First,
        [
            Alias {
                count: 1,
                best: Some("Ada".into())
            },
            Alias {
                count: 2,
                best: None
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Skip {
        pub count: u32,
        #[serde(skip)]
        pub computed: u32,
        #[serde(skip_serializing)]
        pub former: u32,
    }
    feature!(
        Skip,
        First,
        [
            Skip {
                count: 1,
                ..Skip::default()
            },
            Skip {
                count: 2,
                ..Skip::default()
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct SkipIf {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub best: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub scores: Vec<u32>,
    }
    feature!(
        SkipIf,
        First,
        [
            SkipIf {
                best: Some("Ada".into()),
                scores: vec![3]
            },
            SkipIf {
                best: None,
                scores: vec![1, 2]
            },
            SkipIf {
                best: None,
                scores: vec![2, 1]
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct Deny {
        pub count: u32,
    }
    feature!(Deny, Never, [Deny { count: 1 }, Deny { count: 2 }]);
}

pub mod defaults {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct OfFields {
        #[serde(default)]
        pub count: u32,
        #[serde(default)]
        pub names: Vec<String>,
    }
    feature!(
        OfFields,
        First,
        [
            OfFields {
                count: 1,
                names: vec!["Ada".into()]
            },
            OfFields {
                count: 0,
                names: vec!["Ada".into(), "Ada".into()]
            },
        ]
    );

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct OfContainer {
        pub lives: u32,
        pub name: Option<String>,
        pub lists: Vec<u8>,
    }
    impl Default for OfContainer {
        fn default() -> Self {
            OfContainer {
                lives: 3,
                name: Some("stranger".into()),
                lists: vec![1],
            }
        }
    }
    feature!(
        OfContainer,
        First,
        [
            OfContainer {
                lives: 0,
                name: None,
                lists: vec![]
            },
            OfContainer {
                lives: 1,
                name: Some(String::new()),
                lists: vec![1, 1]
            },
        ]
    );

    fn seven() -> u32 {
        7
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct OfFunction {
        #[serde(default = "seven")]
        pub count: u32,
    }
    feature!(
        OfFunction,
        First,
        [OfFunction { count: 7 }, OfFunction { count: 1 }]
    );
}

pub mod flat {
    use super::*;
    use serde::{Deserialize, Serialize};
    use std::collections::BTreeMap;

    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Bounds {
        pub low: u8,
        pub high: u8,
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct OfStruct {
        pub count: u32,
        #[serde(flatten)]
        pub bounds: Bounds,
    }
    feature!(
        OfStruct,
        First,
        [
            OfStruct {
                count: 1,
                bounds: Bounds { low: 1, high: 2 }
            },
            OfStruct {
                count: 1,
                bounds: Bounds { low: 0, high: 9 }
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct OfMap {
        pub count: u32,
        #[serde(flatten)]
        pub rest: BTreeMap<String, f64>,
    }
    feature!(
        OfMap,
        Never,
        [
            OfMap {
                count: 1,
                rest: [("a".to_owned(), 0.5), ("zz".to_owned(), 2.0)].into()
            },
            OfMap {
                count: 1,
                rest: [("b".to_owned(), 1e100)].into()
            },
        ]
    );

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct Whole {
        pub low: u8,
        pub high: u8,
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct OfOption {
        pub count: u32,
        #[serde(flatten)]
        pub bounds: Option<Whole>,
    }
    feature!(
        OfOption,
        First,
        [
            OfOption {
                count: 1,
                bounds: Some(Whole { low: 1, high: 2 })
            },
            OfOption {
                count: 2,
                bounds: None
            },
        ]
    );

    macro_rules! of_enum {
        ($name:ident, $data:ident, $($attribute:meta)?) => {
            #[derive(Debug, PartialEq, Serialize, Deserialize)]
            $(#[$attribute])?
            pub enum $data {
                Alpha { text: String },
                Mid { numbers: Vec<u8>, text: Option<String> },
                Zeta { bounds: Bounds },
            }
            impl Default for $data {
                fn default() -> Self {
                    $data::Alpha { text: "none".into() }
                }
            }
            #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
            pub struct $name {
                #[serde(default)]
                pub id: u32,
                #[serde(flatten)]
                pub data: $data,
            }
            feature!($name, Later, [
                $name { id: 1, data: $data::Zeta { bounds: Bounds { low: 1, high: 2 } } },
                $name { id: 1, data: $data::Mid { numbers: vec![1, 2], text: None } },
                $name { id: 0, data: $data::Alpha { text: "x".into() } },
            ]);
        };
    }
    of_enum!(OfExternal, ExternalData,);
    of_enum!(OfInternal, InternalData, serde(tag = "kind"));
    of_enum!(
        OfAdjacent,
        AdjacentData,
        serde(tag = "kind", content = "with")
    );

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    pub enum UntaggedData {
        A { alpha: u32 },
        B { beta: String },
    }
    impl Default for UntaggedData {
        fn default() -> Self {
            UntaggedData::A { alpha: 0 }
        }
    }
    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct OfUntagged {
        #[serde(default)]
        pub id: u32,
        #[serde(flatten)]
        pub data: UntaggedData,
    }
    feature!(
        OfUntagged,
        Later,
        [
            OfUntagged {
                id: 1,
                data: UntaggedData::B { beta: "x".into() }
            },
            OfUntagged {
                id: 1,
                data: UntaggedData::A { alpha: 1 }
            },
        ]
    );
}

pub mod enums {
    use super::*;
    use serde::{Deserialize, Serialize};

    macro_rules! on_top {
        ($name:ident, $others:ident, $($attribute:meta)?) => {
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            $(#[$attribute])?
            pub enum $name {
                Idle { visits: u32 },
                Playing { low: u8, high: u8, name: Option<String> },
            }
            impl Default for $name {
                fn default() -> Self {
                    $name::Idle { visits: 0 }
                }
            }
            feature!($name, $others, [
                $name::Playing { low: 1, high: 9, name: None },
                $name::Idle { visits: 3 },
                $name::Playing { low: 1, high: 9, name: Some("Ada".into()) },
            ]);
        };
    }
    on_top!(External, Never,);
    on_top!(Internal, Later, serde(tag = "kind"));
    on_top!(Adjacent, Later, serde(tag = "kind", content = "with"));
    on_top!(Untagged, Later, serde(untagged));

    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Variant {
        #[default]
        TheUnit,
        Newtype(u32),
        Tuple(u8, String),
        Fields {
            low: u8,
        },
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Inside {
        pub external: External,
        pub internal: Internal,
        pub adjacent: Adjacent,
        pub untagged: Untagged,
        pub variant: Variant,
        pub list: Vec<Variant>,
    }
    feature!(
        Inside,
        First,
        [
            Inside {
                external: External::Playing {
                    low: 1,
                    high: 2,
                    name: None
                },
                internal: Internal::Playing {
                    low: 1,
                    high: 2,
                    name: None
                },
                adjacent: Adjacent::Playing {
                    low: 1,
                    high: 2,
                    name: None
                },
                untagged: Untagged::Playing {
                    low: 1,
                    high: 2,
                    name: None
                },
                variant: Variant::Newtype(7),
                list: vec![Variant::TheUnit, Variant::Tuple(1, "x".into())],
            },
            Inside {
                variant: Variant::Fields { low: 2 },
                ..Inside::default()
            },
            Inside {
                variant: Variant::Tuple(1, String::new()),
                list: vec![Variant::Tuple(1, "x".into()), Variant::TheUnit],
                ..Inside::default()
            },
        ]
    );
}

pub mod shapes {
    use super::*;
    use serde::{Deserialize, Serialize};
    use std::collections::BTreeMap;

    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Counted {
        pub count: u32,
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Newtype(pub Counted);
    feature!(
        Newtype,
        First,
        [Newtype(Counted { count: 1 }), Newtype(Counted { count: 2 })]
    );

    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct Meters(pub f64);
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct Point(pub i8, pub i8);
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct Unit;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Inner {
        pub far: Meters,
        pub at: Point,
        pub pair: (u8, String),
        pub array: [u8; 3],
        pub unit: Unit,
        pub nothing: (),
        pub boxed: Option<Box<Inner>>,
    }
    feature!(
        Inner,
        First,
        [
            Inner {
                far: Meters(0.5),
                at: Point(-1, 1),
                pair: (1, "x".into()),
                array: [1, 2, 3],
                ..Inner::default()
            },
            Inner {
                boxed: Some(Box::new(Inner {
                    at: Point(1, 2),
                    ..Inner::default()
                })),
                ..Inner::default()
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct Transparent {
        pub counted: Counted,
    }
    feature!(
        Transparent,
        First,
        [
            Transparent {
                counted: Counted { count: 1 }
            },
            Transparent {
                counted: Counted { count: 2 }
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Map(pub BTreeMap<String, BTreeMap<String, u32>>);
    feature!(
        Map,
        Never,
        [
            Map([
                ("a".to_owned(), [("x".to_owned(), 1)].into()),
                ("b".to_owned(), [].into())
            ]
            .into()),
            Map([("a".to_owned(), [("y".to_owned(), 1)].into())].into()),
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Pairs<T: Default = u32> {
        pub pairs: Vec<(T, T)>,
        pub ways: Vec<Result<T, String>>,
    }
    feature!(
        Pairs,
        First,
        [
            Pairs {
                pairs: vec![(1, 2), (2, 1)],
                ways: vec![Ok(1), Err("x".into())]
            },
            Pairs {
                pairs: vec![(2, 1), (1, 2)],
                ways: vec![Err(String::new())]
            },
        ]
    );
}

pub mod conversions {
    use super::*;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Wire {
        seconds: u64,
        hours: u64,
    }

    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    #[serde(from = "Wire", into = "Wire")]
    pub struct FromInto {
        pub seconds: u64,
    }
    impl From<Wire> for FromInto {
        fn from(wire: Wire) -> Self {
            FromInto {
                seconds: wire.hours * 3600 + wire.seconds,
            }
        }
    }
    impl From<FromInto> for Wire {
        fn from(FromInto { seconds }: FromInto) -> Self {
            Wire {
                seconds: seconds % 3600,
                hours: seconds / 3600,
            }
        }
    }
    feature!(
        FromInto,
        First,
        [FromInto { seconds: 4000 }, FromInto { seconds: 7200 }]
    );

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(try_from = "String", into = "String")]
    pub struct Code(pub [u8; 2]);
    impl TryFrom<String> for Code {
        type Error = String;
        fn try_from(text: String) -> Result<Self, String> {
            let bytes = text.as_bytes().try_into();
            bytes.map(Code).map_err(|_| "a code has two letters".into())
        }
    }
    impl From<Code> for String {
        fn from(code: Code) -> Self {
            String::from_utf8_lossy(&code.0).into_owned()
        }
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Checked {
        pub country: Code,
        pub visited: BTreeMap<String, Code>,
    }
    impl Default for Checked {
        fn default() -> Self {
            Checked {
                country: Code(*b"us"),
                visited: BTreeMap::new(),
            }
        }
    }
    feature!(
        Checked,
        First,
        [
            Checked {
                country: Code(*b"de"),
                visited: [("x".into(), Code(*b"fr"))].into()
            },
            Checked {
                country: Code(*b"us"),
                visited: [("y".into(), Code(*b"fr"))].into()
            },
        ]
    );

    #[derive(Serialize, Deserialize)]
    #[serde(remote = "std::time::Duration")]
    struct Time {
        #[serde(getter = "std::time::Duration::as_secs")]
        secs: u64,
        #[serde(getter = "std::time::Duration::subsec_nanos")]
        nanos: u32,
    }
    impl From<Time> for std::time::Duration {
        fn from(time: Time) -> Self {
            std::time::Duration::new(time.secs, time.nanos)
        }
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Remote {
        #[serde(with = "Time")]
        pub played: std::time::Duration,
    }
    feature!(
        Remote,
        First,
        [
            Remote {
                played: std::time::Duration::new(1, 5)
            },
            Remote {
                played: std::time::Duration::from_secs(9)
            },
        ]
    );

    mod spelled {
        use super::*;
        pub fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(number)
        }
        pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
            String::deserialize(from)?
                .parse()
                .map_err(serde::de::Error::custom)
        }
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct With {
        #[serde(with = "spelled")]
        pub total: u64,
    }
    feature!(With, First, [With { total: 1 }, With { total: u64::MAX }]);

    /// The three values of an `Option` in an `Option`, where the field may be left out.
    mod double {
        use super::*;
        pub fn serialize<S: Serializer>(
            value: &Option<Option<u8>>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match value {
                None | Some(None) => serializer.serialize_none(),
                Some(Some(value)) => serializer.serialize_some(value),
            }
        }
        pub fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<Option<u8>>, D::Error> {
            Option::deserialize(from).map(Some)
        }
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Nested {
        #[serde(with = "double", skip_serializing_if = "Option::is_none")]
        pub token: Option<Option<u8>>,
    }
    feature!(
        Nested,
        First,
        [
            Nested { token: Some(None) },
            Nested {
                token: Some(Some(1))
            },
        ]
    );
}

pub mod values {
    use super::*;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::borrow::Cow;
    use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
    use std::net::IpAddr;
    use std::num::NonZeroU8;
    use std::time::Duration;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    pub enum Color {
        Red,
        #[serde(rename = "deep blue")]
        Blue,
    }
    #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub struct Id(pub u64);

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Keys {
        pub by_number: BTreeMap<i32, bool>,
        pub by_color: BTreeMap<Color, u8>,
        pub by_id: HashMap<Id, u8>,
        pub by_flag: BTreeMap<bool, u8>,
        pub by_letter: BTreeMap<char, Vec<u8>>,
    }
    feature!(
        Keys,
        First,
        [
            Keys {
                by_number: [(-7, true), (9, false)].into(),
                by_color: [(Color::Blue, 1)].into(),
                by_id: [(Id(u64::MAX), 1)].into(),
                by_flag: [(true, 1)].into(),
                by_letter: [('é', vec![1])].into(),
            },
            Keys {
                by_color: [(Color::Red, 1)].into(),
                ..Keys::default()
            },
        ]
    );

    /// As `serde_bytes` does it.
    mod binary {
        use super::*;
        pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(bytes)
        }
        pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
            struct Visitor;
            impl serde::de::Visitor<'_> for Visitor {
                type Value = Vec<u8>;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("bytes")
                }
                fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                    Ok(bytes.into())
                }
                fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                    Ok(bytes)
                }
            }
            from.deserialize_byte_buf(Visitor)
        }
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Bytes {
        pub list: Vec<u8>,
        #[serde(with = "binary")]
        pub binary: Vec<u8>,
    }
    feature!(
        Bytes,
        First,
        [
            Bytes {
                list: vec![0, 255],
                binary: vec![0, 255]
            },
            Bytes {
                list: vec![255, 0],
                binary: vec![255, 0]
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Sets {
        pub texts: BTreeSet<String>,
        pub hashed: HashSet<u64>,
        pub queue: VecDeque<u8>,
    }
    feature!(
        Sets,
        First,
        [
            Sets {
                texts: ["a".to_owned(), "b".into()].into(),
                hashed: (0..20).collect(),
                queue: [1, 2].into()
            },
            Sets {
                texts: ["b".to_owned()].into(),
                hashed: (10..30).collect(),
                queue: [2, 1].into()
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Wide {
        pub signed: i128,
        pub unsigned: u128,
        pub list: Vec<u128>,
    }
    const MOST: u128 = 99_999_999_999_999_999_999_999_999_999_999_999_999;
    feature!(
        Wide,
        First,
        [
            Wide {
                signed: -(MOST as i128),
                unsigned: MOST,
                list: vec![MOST, 1]
            },
            Wide {
                signed: 1,
                unsigned: u64::MAX as u128 + 1,
                list: vec![]
            },
        ]
    );

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Various {
        pub letter: char,
        pub played: Duration,
        pub text: Cow<'static, str>,
        pub address: Option<IpAddr>,
        pub lives: NonZeroU8,
        pub range: std::ops::Range<u32>,
    }
    impl Default for Various {
        fn default() -> Self {
            Various {
                letter: 'x',
                played: Duration::from_secs(1),
                text: Cow::Borrowed("none"),
                address: None,
                lives: NonZeroU8::MAX,
                range: 0..1,
            }
        }
    }
    feature!(
        Various,
        First,
        [
            Various {
                letter: '\u{1F600}',
                played: Duration::new(2, 3),
                text: "é".into(),
                ..Various::default()
            },
            Various {
                address: "::1".parse().ok(),
                lives: NonZeroU8::MIN,
                range: 2..4,
                ..Various::default()
            },
        ]
    );

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Floats {
        pub single: f32,
        pub double: f64,
        pub flag: bool,
        pub small: i8,
    }
    feature!(
        Floats,
        First,
        [
            Floats {
                single: 0.1,
                double: 1e-130,
                flag: true,
                small: -128
            },
            Floats {
                single: f32::MAX,
                double: 0.1 + 0.2,
                flag: false,
                small: 127
            },
        ]
    );
}
