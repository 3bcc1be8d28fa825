#include "cli/inject_kind.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "wire/ipv4.hpp"
#include "wire/ipv6.hpp"

namespace querent::cli {

using namespace std::chrono_literals;

const std::vector<InjectKind>& all_inject_kinds() {
  constexpr Family kIgmp = Family::kIPv4;
  constexpr Family kMld = Family::kIPv6;
  static const std::vector<InjectKind> kKinds = {
      {"v1_query", kIgmp, Speech::kQuery, Version::k1},
      {"v2_query", kIgmp, Speech::kQuery, Version::k2},
      {"v3_query", kIgmp, Speech::kQuery, Version::k3},
      {"v1_report", kIgmp, Speech::kReport, Version::k1},
      {"v2_report", kIgmp, Speech::kReport, Version::k2},
      {"v3_report", kIgmp, Speech::kReport, Version::k3},
      {"leave", kIgmp, Speech::kLeave, Version::k2},
      {"mldv1_query", kMld, Speech::kQuery, Version::k2},
      {"mldv2_query", kMld, Speech::kQuery, Version::k3},
      {"mldv1_report", kMld, Speech::kReport, Version::k2},
      {"mldv2_report", kMld, Speech::kReport, Version::k3},
      {"mldv1_done", kMld, Speech::kLeave, Version::k2},
  };
  return kKinds;
}

const InjectKind* find_inject_kind(std::string_view name) {
  const auto& kinds = all_inject_kinds();
  const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                 [&](const InjectKind& of) { return of.name == name; });
  return kind == kinds.end() ? nullptr : &*kind;
}

std::string_view inject_kind_name(Family family, Speech speech, Version version) {
  const auto& kinds = all_inject_kinds();
  const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const InjectKind& of) {
    return of.family == family && of.is(speech, version);
  });
  CHECK(kind != kinds.end());
  return kind->name;
}

const InjectFamily& inject_family(Family family) {
  // RFC 2236 2.2 (a v2 query with a response time of 0 would be a v1 query), 9776 4.1.1, 4.2.
  static constexpr InjectFamily kIpv4{.name = "IPv4",
                                      .kinds = "the kinds for IPv4 are those without mld",
                                      .groups = "224.0.0.0 to 239.255.255.255",
                                      .old_answer = {100ms, 25500ms},
                                      .new_answer = {0s, 3174400ms},
                                      .report_overhead = wire::ipv4_header_size(true) + 8,
                                      .bare_record = 8,
                                      .address = 4,
                                      .largest_packet = wire::kMaxIpv4Packet};
  // RFC 2710 3.4, 9777 5.1.3, 5.2.
  static constexpr InjectFamily kIpv6{.name = "IPv6",
                                      .kinds = "the kinds for IPv6 begin with mld",
                                      .groups = "one of ff00::/8",
                                      .old_answer = {0s, 65535ms},
                                      .new_answer = {0s, 8387584ms},
                                      .report_overhead = wire::ipv6_header_size(true) + 8,
                                      .bare_record = 20,
                                      .address = 16,
                                      .largest_packet = wire::kMaxIpv6Packet};
  return family == Family::kIPv4 ? kIpv4 : kIpv6;
}

}  // namespace querent::cli
