#pragma once

#include "querent/address.hpp"
#include "querent/message.hpp"

namespace querent::probe {

// Where the RFCs of its family want a message sent to. A query or an older report about a group
// goes to that group.
Address usual_destination(const Message& message, Family family);

}  // namespace querent::probe
