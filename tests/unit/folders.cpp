#include "folders.hpp"

namespace querent::test {

std::string docs_folder() {
  return QUERENT_DOCS;
}

std::string golden_folder() {
  return QUERENT_GOLDEN;
}

}  // namespace querent::test
