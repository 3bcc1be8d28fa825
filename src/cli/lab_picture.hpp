#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "querent/address.hpp"
#include "querent/time.hpp"

// What `querent lab` shows, for eyes and for machines. Pure.

namespace querent::cli {

// One second of the lab's life.
struct LabSecond {
  std::uint64_t second = 0;  // since the start
  int phase = 1;
  unsigned sent = 0;                 // datagrams of the stream
  unsigned received = 0;             // of them, by the receiver
  std::vector<std::string> table{};  // of the switch: "239.1.2.3 at receiver"
  // Who asked last, if not longer ago than a querier may be silent.
  std::optional<Address> querier{};

  bool alive() const { return received > 0; }
};

// What a phase was to show, and whether it did.
struct LabVerdict {
  int phase = 1;
  bool holds = false;
  std::string text;
};

std::string_view phase_title(int phase);

// One line each, without a newline.
std::string picture(const LabSecond& second, bool colour);
std::string picture(const LabVerdict& verdict, bool colour);
std::string as_json(const LabSecond& second);
std::string as_json(const LabVerdict& verdict);

}  // namespace querent::cli
