#pragma once

namespace querent::net {

// As many open descriptors as whoever started us permits: the usual soft limit of 1,024 is enough
// for 250 interfaces with both families. Programs that call select() must not do this; we do not.
void allow_many_descriptors();

}  // namespace querent::net
