//! Looks: how the charts of well-known programs and papers are dressed.

use crate::fonts::Family;

/// The lines around a plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// All four sides.
    Box,
    /// The two axes.
    Axes,
    /// The category axis only.
    Base,
    /// None.
    Open,
}

/// Where series are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legend {
    /// A row under the title.
    Top,
    /// A row under the plot.
    Bottom,
    /// A column beside the plot.
    Right,
    /// A framed column in the upper left of the plot.
    Inside,
}

/// An ornament that belongs to a house style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ornament {
    None,
    /// A thin border around the picture.
    Outline,
    /// A small red block in the upper left corner.
    RedBlock,
    /// A short dark bar above the title.
    Bar,
    /// A card with round corners on a darker page.
    Card,
}

/// How a chart is dressed.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub name: &'static str,
    pub family: Family,
    pub title_family: Family,
    pub title_size: f64,
    pub title_bold: bool,
    pub title_left: bool,
    /// The value title stands under the title instead of along the axis.
    pub value_title_as_subtitle: bool,
    pub page: &'static str,
    pub plot: Option<&'static str>,
    pub text: &'static str,
    pub muted: &'static str,
    pub grid: Option<&'static str>,
    pub grid_dash: bool,
    /// Grid lines at the categories as well.
    pub grid_both: bool,
    pub minor_grid: bool,
    pub border: Border,
    pub border_colour: &'static str,
    /// Length of tick marks; negative ones point inwards.
    pub ticks: f64,
    pub values_right: bool,
    pub legends: &'static [Legend],
    pub palette: &'static [&'static str],
    /// Share of a category's room that its bars take.
    pub bar: f64,
    pub bar_radius: f64,
    pub bar_outline: Option<&'static str>,
    pub line_width: f64,
    pub markers: bool,
    pub ornament: Ornament,
    /// A line at the bottom naming the source.
    pub source: bool,
}

const BASE: Look = Look {
    name: "",
    family: Family::Arimo,
    title_family: Family::Arimo,
    title_size: 18.0,
    title_bold: false,
    title_left: false,
    value_title_as_subtitle: false,
    page: "#ffffff",
    plot: None,
    text: "#222222",
    muted: "#444444",
    grid: Some("#dddddd"),
    grid_dash: false,
    grid_both: false,
    minor_grid: false,
    border: Border::Base,
    border_colour: "#555555",
    ticks: 0.0,
    values_right: false,
    legends: &[Legend::Right, Legend::Bottom],
    palette: &["#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948", "#b07aa1"],
    bar: 0.66,
    bar_radius: 0.0,
    bar_outline: None,
    line_width: 2.2,
    markers: true,
    ornament: Ornament::None,
    source: false,
};

/// All looks; the last ones are the harder to read.
pub const LOOKS: &[Look] = &[
    Look { name: "plain", title_bold: true, title_left: true, ..BASE },
    Look {
        name: "spreadsheet",
        family: Family::Lato,
        title_family: Family::Lato,
        title_size: 19.0,
        text: "#595959",
        muted: "#595959",
        grid: Some("#d9d9d9"),
        border_colour: "#d9d9d9",
        legends: &[Legend::Bottom, Legend::Right, Legend::Top],
        palette: &["#4472c4", "#ed7d31", "#a5a5a5", "#ffc000", "#5b9bd5", "#70ad47", "#264478"],
        bar: 0.45,
        line_width: 2.8,
        markers: false,
        ornament: Ornament::Outline,
        ..BASE
    },
    Look {
        name: "notebook",
        family: Family::DejaVuSans,
        title_family: Family::DejaVuSans,
        title_size: 16.0,
        text: "#000000",
        muted: "#000000",
        grid: None,
        border: Border::Box,
        border_colour: "#000000",
        ticks: 5.0,
        legends: &[Legend::Inside, Legend::Inside, Legend::Right],
        palette: &["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2"],
        bar: 0.8,
        line_width: 2.0,
        ..BASE
    },
    Look {
        name: "grammar",
        title_left: true,
        plot: Some("#ebebeb"),
        muted: "#4d4d4d",
        grid: Some("#ffffff"),
        grid_both: true,
        minor_grid: true,
        border: Border::Open,
        border_colour: "#333333",
        ticks: 4.0,
        legends: &[Legend::Right],
        palette: &["#f8766d", "#00ba38", "#619cff", "#c77cff", "#b79f00", "#00bfc4", "#f564e3"],
        bar: 0.88,
        ..BASE
    },
    Look {
        name: "weekly",
        family: Family::BarlowCondensed,
        title_family: Family::BarlowCondensed,
        title_size: 24.0,
        title_bold: true,
        title_left: true,
        value_title_as_subtitle: true,
        text: "#121212",
        muted: "#3a3a3a",
        grid: Some("#b7c6cf"),
        border_colour: "#121212",
        values_right: true,
        legends: &[Legend::Top],
        palette: &["#006ba2", "#db444b", "#3ebcd2", "#379a8b", "#ebb434", "#b4ba39", "#9a607f"],
        markers: false,
        line_width: 3.0,
        ornament: Ornament::RedBlock,
        source: true,
        ..BASE
    },
    Look {
        name: "salmon",
        family: Family::OpenSans,
        title_family: Family::LibertinusSerif,
        title_size: 25.0,
        title_left: true,
        value_title_as_subtitle: true,
        page: "#fff1e5",
        text: "#33302e",
        muted: "#66605c",
        grid: Some("#e3d5c8"),
        border_colour: "#66605c",
        legends: &[Legend::Top],
        palette: &["#0f5499", "#990f3d", "#ff7faa", "#00a0dd", "#593380", "#96cc28", "#b3a9a0"],
        markers: false,
        line_width: 2.8,
        ornament: Ornament::Bar,
        source: true,
        ..BASE
    },
    Look {
        name: "night",
        family: Family::Inter,
        title_family: Family::Inter,
        title_size: 17.0,
        title_bold: true,
        title_left: true,
        page: "#0b1220",
        plot: None,
        text: "#f3f4f6",
        muted: "#9ca3af",
        grid: Some("#263145"),
        border: Border::Open,
        border_colour: "#374151",
        legends: &[Legend::Top, Legend::Bottom],
        palette: &["#60a5fa", "#34d399", "#fbbf24", "#f87171", "#a78bfa", "#22d3ee", "#f472b6"],
        bar: 0.58,
        bar_radius: 4.0,
        line_width: 2.6,
        ornament: Ornament::Card,
        ..BASE
    },
    Look {
        name: "web",
        family: Family::Roboto,
        title_family: Family::Roboto,
        title_bold: true,
        title_left: true,
        text: "#3c4043",
        muted: "#5f6368",
        grid: Some("#e8eaed"),
        border_colour: "#9aa0a6",
        legends: &[Legend::Right, Legend::Top],
        palette: &["#4285f4", "#db4437", "#f4b400", "#0f9d58", "#ab47bc", "#00acc1", "#ff7043"],
        bar_radius: 2.0,
        ..BASE
    },
    Look {
        name: "statistics",
        plot: Some("#eaeaf2"),
        grid: Some("#ffffff"),
        grid_both: true,
        border: Border::Open,
        legends: &[Legend::Inside, Legend::Right],
        palette: &["#4c72b0", "#dd8452", "#55a868", "#c44e52", "#8172b3", "#937860", "#da8bc3"],
        bar: 0.8,
        bar_outline: Some("#ffffff"),
        ..BASE
    },
    Look {
        name: "slide",
        family: Family::OpenSans,
        title_family: Family::OpenSans,
        title_size: 26.0,
        title_bold: true,
        title_left: true,
        page: "#f7f9fc",
        text: "#10243e",
        muted: "#3d5475",
        grid: None,
        border_colour: "#8fa3bf",
        legends: &[Legend::Top, Legend::Right],
        palette: &["#005f73", "#ee9b00", "#94d2bd", "#ae2012", "#0a9396", "#ca6702", "#9b2226"],
        bar: 0.62,
        line_width: 3.4,
        ..BASE
    },
    Look {
        name: "journal",
        family: Family::LibertinusSerif,
        title_family: Family::LibertinusSerif,
        title_size: 19.0,
        text: "#000000",
        muted: "#000000",
        grid: None,
        border: Border::Box,
        border_colour: "#000000",
        ticks: -5.0,
        legends: &[Legend::Inside, Legend::Right],
        palette: &["#303030", "#9a9a9a", "#d4d4d4", "#6a6a6a", "#b8b8b8", "#000000", "#efefef"],
        bar: 0.7,
        bar_outline: Some("#000000"),
        line_width: 1.6,
        ..BASE
    },
    Look {
        name: "dashed",
        family: Family::DejaVuSans,
        title_family: Family::DejaVuSans,
        title_size: 15.0,
        text: "#262626",
        muted: "#262626",
        grid: Some("#b0b0b0"),
        grid_dash: true,
        grid_both: true,
        border: Border::Axes,
        border_colour: "#262626",
        ticks: 4.0,
        legends: &[Legend::Inside, Legend::Bottom],
        palette: &["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725", "#31688e", "#90d743"],
        bar: 0.75,
        line_width: 1.8,
        ..BASE
    },
];
