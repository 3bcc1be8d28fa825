#pragma once

#include <string>

// Folders of the sources that tests read from.

namespace querent::test {

std::string docs_folder();
std::string golden_folder();

}  // namespace querent::test
