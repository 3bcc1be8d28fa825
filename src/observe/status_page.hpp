#pragma once

#include <string_view>

namespace querent::observe {

// The status page, as it is sent: HTML in UTF-8 with its style and script inside. It needs no other
// file and asks nobody but the daemon that it came from. Made of page/ by page/embed.cmake.
std::string_view status_page();

}  // namespace querent::observe
