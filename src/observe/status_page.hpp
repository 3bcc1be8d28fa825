#pragma once

#include <string_view>

namespace querent::observe {

// The page at "/": one file of HTML that needs nothing else.
std::string_view status_page();

}  // namespace querent::observe
