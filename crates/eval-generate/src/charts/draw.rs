//! Drawing a chart: header, axes, marks, legend, footer.

use super::{
    chart::{Chart, Form},
    legend,
    look::{Border, Legend, Look, Ornament},
    marks,
    plot::{Plot, text},
    slices,
};
use crate::svg::{Anchor, Svg, TextStyle, count, fill, stroke};

/// The chart as SVG.
pub fn draw(chart: &Chart) -> String {
    let look = chart.look;
    let mut svg = Svg::new(chart.width, chart.height, look.page);
    let mut room = Plot { x: 22.0, y: 16.0, width: chart.width - 44.0, height: chart.height - 32.0 };
    ornament(&mut svg, look, &mut room);
    header(&mut svg, chart, &mut room);
    footer(&mut svg, chart, &mut room);
    if let Some(legend) = chart.legend {
        legend::draw(&mut svg, chart, legend, &mut room);
    }
    if chart.form.is_round() {
        slices::draw(&mut svg, chart, room);
    } else {
        let plot = axes(&mut svg, chart, room);
        marks::draw(&mut svg, chart, plot);
        if chart.legend == Some(Legend::Inside) {
            legend::inside(&mut svg, chart, plot);
        }
    }
    svg.finish()
}

fn ornament(svg: &mut Svg, look: &Look, room: &mut Plot) {
    let (width, height) = (svg.width(), svg.height());
    match look.ornament {
        Ornament::None => {}
        Ornament::Outline => svg.rect(0.5, 0.5, width - 1.0, height - 1.0, &stroke("#d9d9d9", 1.0)),
        Ornament::RedBlock => {
            svg.line(room.x, 8.5, width - room.x, 8.5, &stroke("#e3120b", 1.5));
            svg.rect(room.x, 8.0, 34.0, 9.0, &fill("#e3120b"));
            room.y += 10.0;
            room.height -= 10.0;
        }
        Ornament::Bar => {
            svg.rect(room.x, 12.0, 60.0, 4.0, &fill("#000000"));
            room.y += 8.0;
            room.height -= 8.0;
        }
        Ornament::Card => {
            svg.rounded(10.0, 10.0, width - 20.0, height - 20.0, 12.0, &fill("#131c2e"));
            svg.rounded(10.5, 10.5, width - 21.0, height - 21.0, 12.0, &stroke("#1f2b42", 1.0));
            *room = Plot { x: 30.0, y: 26.0, width: width - 60.0, height: height - 50.0 };
        }
    }
}

fn header(svg: &mut Svg, chart: &Chart, room: &mut Plot) {
    let look = chart.look;
    let mut line = |style: TextStyle<'_>, content: &str, gap: f64| {
        let (x, style) =
            if look.title_left { (room.x, style) } else { (room.x + room.width / 2.0, style.middle()) };
        room.y += style.size;
        svg.text(x, room.y, content, &style);
        room.y += gap;
        room.height -= style.size + gap;
    };
    if let Some(title) = &chart.title {
        let style = TextStyle::new(look.title_family, look.title_size, look.text);
        let style = if look.title_bold { style.bold() } else { style };
        let fitting = (room.width / style.width(title)).min(1.0) * style.size;
        line(style.size(fitting), title, 8.0);
    }
    if value_title_in_header(chart) {
        line(text(chart).size(chart.font_size + 1.0), &chart.value_title, 8.0);
    }
    room.y += 10.0;
    room.height -= 10.0;
}

/// Whether the value title stands under the title.
fn value_title_in_header(chart: &Chart) -> bool {
    let beside = chart.form.is_round() || (chart.look.value_title_as_subtitle && chart.form != Form::Scatter);
    chart.value_title_printed && beside
}

fn footer(svg: &mut Svg, chart: &Chart, room: &mut Plot) {
    if let Some(source) = &chart.source {
        let style = text(chart).size(chart.font_size - 2.0);
        svg.text(room.x, room.bottom(), source, &style);
        room.height -= style.size + 8.0;
    }
}

/// Draws everything around the marks and returns what is left for them.
fn axes(svg: &mut Svg, chart: &Chart, room: Plot) -> Plot {
    let plot = if chart.form == Form::Horizontal {
        horizontal_plot(svg, chart, room)
    } else {
        vertical_plot(svg, chart, room)
    };
    let look = chart.look;
    if let Some(colour) = look.plot {
        svg.rect(plot.x, plot.y, plot.width, plot.height, &fill(colour));
    }
    grid(svg, chart, plot);
    border(svg, chart, plot);
    if chart.form == Form::Horizontal {
        horizontal_labels(svg, chart, plot);
    } else {
        vertical_labels(svg, chart, plot);
    }
    plot
}

fn tick_width(chart: &Chart) -> f64 {
    let style = text(chart);
    chart.axis.ticks.iter().map(|tick| style.width(&chart.tick_label(*tick))).fold(0.0, f64::max)
}

fn vertical_plot(svg: &mut Svg, chart: &Chart, room: Plot) -> Plot {
    let style = text(chart);
    let look = chart.look;
    let side = tick_width(chart) + 10.0 + look.ticks.max(0.0);
    let titled = chart.value_title_printed && !value_title_in_header(chart);
    let title = if titled { style.size + 10.0 } else { 0.0 };
    let (left, right) = if look.values_right { (6.0 + title, side) } else { (side + title, 10.0) };
    let mut below = style.size + 10.0 + look.ticks.max(0.0);
    let width = room.width - left - right;
    if slanted(chart, width) {
        let longest = chart.categories.iter().map(|name| style.width(name)).fold(0.0, f64::max);
        below = longest * 0.6 + style.size + 8.0;
    }
    if chart.category_title_printed {
        svg.text(room.x + left + width / 2.0, room.bottom() - 2.0, &chart.category_title, &style.middle());
        below += style.size + 7.0;
    }
    let plot = Plot { x: room.x + left, y: room.y + 4.0, width, height: room.height - below - 4.0 };
    if titled {
        let (x, y) = (room.x + style.size, plot.y + plot.height / 2.0);
        svg.text_up(x, y, &chart.value_title, &style.middle());
    }
    plot
}

fn horizontal_plot(svg: &mut Svg, chart: &Chart, room: Plot) -> Plot {
    let style = text(chart);
    let longest = chart.categories.iter().map(|name| style.width(name)).fold(0.0, f64::max);
    let titled = if chart.category_title_printed { style.size + 8.0 } else { 0.0 };
    let left = longest + 10.0 + chart.look.ticks.max(0.0) + titled;
    let mut below = style.size + 12.0;
    let width = room.width - left - tick_width(chart) / 2.0 - 6.0;
    if chart.value_title_printed && !value_title_in_header(chart) {
        svg.text(room.x + left + width / 2.0, room.bottom() - 2.0, &chart.value_title, &style.middle());
        below += style.size + 7.0;
    }
    let plot = Plot { x: room.x + left, y: room.y + 2.0, width, height: room.height - below - 2.0 };
    if chart.category_title_printed {
        let (x, y) = (room.x + style.size - 2.0, plot.y + plot.height / 2.0);
        svg.text_up(x, y, &chart.category_title, &style.middle());
    }
    plot
}

/// True if the category labels would touch each other.
fn slanted(chart: &Chart, width: f64) -> bool {
    let style = text(chart);
    let step = width / count(chart.categories.len());
    chart.form != Form::Scatter && chart.categories.iter().any(|name| style.width(name) > step - 6.0)
}

fn grid(svg: &mut Svg, chart: &Chart, plot: Plot) {
    let Some(colour) = chart.look.grid else { return };
    let dash = if chart.look.grid_dash { " stroke-dasharray=\"4 3\"" } else { "" };
    let style = |width: f64| format!("{}{dash}", stroke(colour, width));
    let minor = chart.axis.log || chart.look.minor_grid;
    for value in chart.axis.minor().into_iter().filter(|_| minor) {
        value_line(svg, chart, plot, value, &style(0.5));
    }
    for value in &chart.axis.ticks {
        value_line(svg, chart, plot, *value, &style(1.0));
    }
    if !chart.look.grid_both {
        return;
    }
    let across = |at: f64| plot.x + at * plot.width;
    if let Some(x_axis) = &chart.x_axis {
        for tick in &x_axis.ticks {
            let x = across(x_axis.share(*tick));
            svg.line(x, plot.y, x, plot.bottom(), &style(1.0));
        }
    } else if chart.form != Form::Horizontal {
        for at in 0..chart.categories.len() {
            let x = marks::across(chart, plot, at);
            svg.line(x, plot.y, x, plot.bottom(), &style(1.0));
        }
    }
}

fn value_line(svg: &mut Svg, chart: &Chart, plot: Plot, value: f64, style: &str) {
    if chart.form == Form::Horizontal {
        let x = crisp(plot.x + chart.axis.share(value) * plot.width);
        svg.line(x, plot.y, x, plot.bottom(), style);
    } else {
        let y = crisp(plot.bottom() - chart.axis.share(value) * plot.height);
        svg.line(plot.x, y, plot.right(), y, style);
    }
}

fn border(svg: &mut Svg, chart: &Chart, plot: Plot) {
    let look = chart.look;
    let style = stroke(look.border_colour, 1.0);
    let (left, bottom) = (crisp(plot.x), crisp(plot.bottom()));
    if look.border != Border::Open {
        value_line(svg, chart, plot, chart.axis.base(), &style);
    }
    match look.border {
        Border::Box => svg.rect(left, crisp(plot.y), plot.width, plot.height, &style),
        Border::Axes => {
            svg.line(left, plot.y, left, bottom, &style);
            svg.line(left, bottom, plot.right(), bottom, &style);
        }
        Border::Base | Border::Open => {}
    }
    // Without grid and border an axis would have no line at all.
    if look.border == Border::Base && look.grid.is_none() && chart.form != Form::Horizontal {
        svg.line(left, plot.y, left, bottom, &style);
    }
}

fn vertical_labels(svg: &mut Svg, chart: &Chart, plot: Plot) {
    let style = text(chart);
    let look = chart.look;
    let mark = stroke(look.border_colour, 1.0);
    for tick in &chart.axis.ticks {
        let y = plot.bottom() - chart.axis.share(*tick) * plot.height;
        let baseline = y + style.size * 0.35;
        let label = chart.tick_label(*tick);
        if look.values_right {
            svg.text(plot.right() + 6.0, baseline, &label, &style);
        } else {
            svg.line(plot.x - look.ticks, crisp(y), plot.x, crisp(y), &mark);
            svg.text(plot.x - 6.0 - look.ticks.max(0.0), baseline, &label, &style.end());
        }
    }
    let baseline = plot.bottom() + style.size + 5.0 + look.ticks.max(0.0);
    let mut label = |x: f64, name: &str, slanted: bool| {
        if look.ticks != 0.0 {
            svg.line(crisp(x), plot.bottom(), crisp(x), plot.bottom() + look.ticks, &mark);
        }
        if slanted {
            let style = TextStyle { anchor: Anchor::End, ..style };
            svg.text_slanted(x + style.size * 0.3, baseline, name, &style);
        } else {
            svg.text(x, baseline, name, &style.middle());
        }
    };
    if let Some(x_axis) = &chart.x_axis {
        for tick in &x_axis.ticks {
            let name = super::chart::plain(*tick).to_string();
            label(plot.x + x_axis.share(*tick) * plot.width, &name, false);
        }
    } else {
        let slanted = slanted(chart, plot.width);
        for (at, name) in chart.categories.iter().enumerate() {
            label(marks::across(chart, plot, at), name, slanted);
        }
    }
}

fn horizontal_labels(svg: &mut Svg, chart: &Chart, plot: Plot) {
    let style = text(chart);
    for tick in &chart.axis.ticks {
        let x = plot.x + chart.axis.share(*tick) * plot.width;
        svg.text(x, plot.bottom() + style.size + 6.0, &chart.tick_label(*tick), &style.middle());
    }
    let step = plot.height / count(chart.categories.len());
    for (at, name) in chart.categories.iter().enumerate() {
        let y = plot.y + step * (count(at) + 0.5) + style.size * 0.35;
        svg.text(plot.x - 7.0, y, name, &style.end());
    }
}

/// The middle of the pixel: thin lines there are sharp.
fn crisp(at: f64) -> f64 {
    at.floor() + 0.5
}
