#pragma once

#include <string>
#include <string_view>

#include "observe/status.hpp"

// The answers of the HTTP interface, as docs/api.md describes them.

namespace querent::observe {

std::string status_json(const Status& status);
std::string health_json(const Status& status);
std::string readiness_json(const Status& status);
std::string groups_json(const GroupPage& page);
std::string events_json(const EventPage& page);

// When nobody answered.
std::string unhealthy_json(std::string_view reason);
std::string unready_json(std::string_view reason);

// "eth0/ipv4/239.1.2.3", and back; nothing when the text is no such thing.
std::string to_text(const GroupCursor& cursor);
std::optional<GroupCursor> parse_cursor(std::string_view text);
std::optional<Family> parse_family(std::string_view text);

}  // namespace querent::observe
