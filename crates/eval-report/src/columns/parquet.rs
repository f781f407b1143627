use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use ::parquet::errors::Result;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::Type;
use eval_summary::CaseView;

use super::{COLUMNS, Cell, Column, ColumnType};

/// So many trials are held at once, and are one group of rows.
const GROUP: usize = 20_000;

/// One trial per row, as a Parquet file. The same trials give the same bytes.
pub fn parquet(cases: impl IntoIterator<Item = CaseView>) -> std::result::Result<Vec<u8>, String> {
    write(cases).map_err(|error| error.to_string())
}

fn write(cases: impl IntoIterator<Item = CaseView>) -> Result<Vec<u8>> {
    let fields = COLUMNS.iter().map(field).collect::<Result<_>>()?;
    let schema = Type::group_type_builder("trials").with_fields(fields).build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("vision-eval ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
    let mut group = Group::default();
    for case in cases {
        for answer in &case.answers {
            group.add(COLUMNS.iter().map(|column| (column.cell)(&case, answer)));
            if group.rows == GROUP {
                std::mem::take(&mut group).write(&mut writer)?;
            }
        }
    }
    if group.rows > 0 {
        group.write(&mut writer)?;
    }
    writer.into_inner()
}

fn field(column: &Column) -> Result<Arc<Type>> {
    let (physical, logical) = match column.holds {
        ColumnType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnType::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
        ColumnType::Number => (Physical::DOUBLE, None),
        ColumnType::Count => (Physical::INT64, None),
        ColumnType::Flag => (Physical::BOOLEAN, None),
    };
    let field = Type::primitive_type_builder(column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    field.build().map(Arc::new)
}

/// Rows that are not written yet, by column.
#[derive(Default)]
struct Group {
    rows: usize,
    columns: Vec<Vec<Cell>>,
}

impl Group {
    fn add(&mut self, cells: impl Iterator<Item = Cell>) {
        self.columns.resize_with(COLUMNS.len(), Vec::new);
        self.columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        self.rows += 1;
    }

    fn write(self, writer: &mut SerializedFileWriter<Vec<u8>>) -> Result<()> {
        let mut group = writer.next_row_group()?;
        for (column, cells) in COLUMNS.iter().zip(self.columns) {
            let mut writer = group.next_column()?.expect("there is one for each column of the schema");
            let writing = &mut writer;
            match column.holds {
                ColumnType::Text | ColumnType::Json => {
                    put::<ByteArrayType>(writing, cells, |cell| match cell {
                        Cell::Text(text) => text.map(|text| ByteArray::from(text.into_bytes())),
                        _ => None,
                    })
                }
                ColumnType::Number => put::<DoubleType>(writing, cells, |cell| match cell {
                    // No number is not a number.
                    Cell::Number(number) => number.filter(|number| number.is_finite()),
                    _ => None,
                }),
                ColumnType::Count => put::<Int64Type>(writing, cells, |cell| match cell {
                    Cell::Count(count) => count.and_then(|count| i64::try_from(count).ok()),
                    _ => None,
                }),
                ColumnType::Flag => put::<BoolType>(writing, cells, |cell| match cell {
                    Cell::Flag(flag) => flag,
                    _ => None,
                }),
            }?;
            writer.close()?;
        }
        group.close().map(drop)
    }
}

fn put<T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    cells: Vec<Cell>,
    value: impl Fn(Cell) -> Option<T::T>,
) -> Result<()> {
    let values: Vec<Option<T::T>> = cells.into_iter().map(value).collect();
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<T::T> = values.into_iter().flatten().collect();
    writer.typed::<T>().write_batch(&values, Some(&levels), None).map(drop)
}
