#pragma once

#include <string>
#include <vector>

namespace querent::cli {

struct TextColumn {
  std::string title;
  bool right = false;  // numbers
};

// A heading and a line for each row, columns as wide as they must be and two spaces apart, each
// line with its newline. A row has as many cells as there are columns. A cell is UTF-8 and may have
// colour (SGR), which takes no room.
std::string text_table(const std::vector<TextColumn>& columns,
                       const std::vector<std::vector<std::string>>& rows);

}  // namespace querent::cli
