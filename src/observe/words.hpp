#pragma once

#include <string>

#include "base/time.hpp"
#include "observe/status.hpp"

namespace querent::observe {

// "2026-11-21T21:41:29.123Z"
std::string utc(WallTime time);

// "12.5 s", "120 ms", "2 min 5 s", "3 h 12 min"
std::string in_words(Duration duration);

// "192.168.1.9 (52:54:00:12:34:56)", or the address alone when nobody knows the MAC.
std::string spelled(Address address, const MacAddress& mac);

// The text, with U+FFFD in the place of what is not UTF-8.
std::string as_utf8(std::string text);

}  // namespace querent::observe
