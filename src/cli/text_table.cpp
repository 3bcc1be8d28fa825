#include "cli/text_table.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace querent::cli {
namespace {

using Row = std::vector<std::string>;

std::string line_of(const Row& row, const std::vector<TextColumn>& columns,
                    const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string padding(widths[i] - row[i].size(), ' ');
    if (i > 0) line += "  ";
    line += columns[i].right ? padding + row[i] : row[i] + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string text_table(const std::vector<TextColumn>& columns, const std::vector<Row>& rows) {
  Row heading;
  std::vector<std::size_t> widths;
  for (const TextColumn& column : columns) {
    heading.push_back(column.title);
    widths.push_back(column.title.size());
  }
  for (const Row& row : rows) {
    CHECK(row.size() == columns.size());
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text = line_of(heading, columns, widths);
  for (const Row& row : rows)
    text += line_of(row, columns, widths);
  return text;
}

}  // namespace querent::cli
