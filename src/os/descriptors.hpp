#pragma once

namespace querent::os {

// As many open descriptors as whoever started us permits: the usual soft limit of 1,024 is enough
// for 250 interfaces with both families. Programs that call select() must not do this; we do not.
void allow_many_descriptors();

// Of stdin, stdout and stderr, what is closed becomes something that takes nothing (EBADF). Else
// what is opened first would get its number, and what is printed. Call it first of all.
void occupy_standard_descriptors();

}  // namespace querent::os
