#pragma once

namespace querent {

// Prints the broken promise and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace querent

// A promise our own code makes to itself, kept in every build. Never on anything that a packet or a
// setting can influence, nor on what the kernel may refuse: those are values with an error answer.
#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::querent::check_failed(#condition, __FILE__, __LINE__))
