#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/validity.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

// All that differs from message to message in what is shown of them. A new alternative of Message
// is described in this file only.

namespace querent::probe {

// What the message says, after its sender: "wants 239.1.2.3".
std::string sentence(const Message& message);

// Its name first, then what else its fields say: "IGMPv2 query", "answer within 10 s".
std::vector<std::string> remarks_on(const Message& message, Family family);

// The keys of describe_json() from `kind` on that come from the message.
void add_fields(const Message& message, Family family, nlohmann::ordered_json& json);

// Where the RFCs of its family want a message sent to. A query or an older report about a group
// goes to that group.
Address usual_destination(const Message& message, Family family);

// Only IGMPv1 hosts may leave the option out: RFC 1112 does not know it.
bool needs_router_alert(const Message& message);

// Whether it names the group.
bool names(const Message& message, Address group);

// Why querent would reject it. Nothing: it would not.
std::optional<core::Rejection> judge(const Packet& packet, const core::Standards& standards);

// "is_in", "is_ex", "to_in", "to_ex", "allow", "block".
std::string_view name(RecordType type);

// "10 s", "0.5 s".
std::string in_seconds(Duration duration);

}  // namespace querent::probe
