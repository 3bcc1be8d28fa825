#include "cli/text_table.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace querent::cli {
namespace {

using Row = std::vector<std::string>;

std::size_t width_of(const std::string& cell) {
  std::size_t width = 0;
  bool in_colour = false;
  for (const char c : cell) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    in_colour = in_colour || c == '\x1b';
    if (!in_colour && !continues) ++width;
    if (c == 'm') in_colour = false;
  }
  return width;
}

std::string line_of(const Row& row, const std::vector<TextColumn>& columns,
                    const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string padding(widths[i] - width_of(row[i]), ' ');
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
    widths.push_back(width_of(column.title));
  }
  for (const Row& row : rows) {
    CHECK(row.size() == columns.size());
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text = line_of(heading, columns, widths);
  for (const Row& row : rows)
    text += line_of(row, columns, widths);
  return text;
}

}  // namespace querent::cli
