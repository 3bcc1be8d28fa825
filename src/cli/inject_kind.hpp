#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

// What `querent inject -t` can name, and what the two families allow.

namespace querent::cli {

enum class Speech : std::uint8_t { kQuery, kReport, kLeave };

struct InjectKind {
  std::string_view name;
  Family family{};
  Speech speech{};
  Version version{};

  bool is(Speech of, Version in) const { return speech == of && version == in; }
  // Of IGMPv3 or MLDv2: the ones that know sources.
  bool is_newest(Speech of) const { return is(of, Version::k3); }
};

// IGMP's first.
const std::vector<InjectKind>& all_inject_kinds();
// Nullptr: there is none of this name.
const InjectKind* find_inject_kind(std::string_view name);
// The one that there is of this family, speech and version.
std::string_view inject_kind_name(Family family, Speech speech, Version version);

template <class Value>
struct Range {
  Value low{};
  Value high{};
};

// What is different for IPv4 and IPv6.
struct InjectFamily {
  std::string_view name;        // "IPv4"
  std::string_view kinds;       // how one finds its kinds
  std::string_view groups;      // which addresses are groups
  Range<Duration> old_answer;   // what a query can announce as Max Resp Time: IGMPv2, MLDv1
  Range<Duration> new_answer;   // IGMPv3, MLDv2
  std::size_t report_overhead;  // octets of a newest report before its first record
  std::size_t bare_record;      // octets of a record without sources
  std::size_t address;          // octets of an address
  std::size_t largest_packet;
};

const InjectFamily& inject_family(Family family);

}  // namespace querent::cli
