// What hostile or clumsy senders make up.

#include <utility>

#include "sim/scenario_parts.hpp"

namespace querent::sim {

using std::chrono::seconds;

namespace {

// Of the families' documentation and private ranges, far from what hosts want.
struct Fiction {
  Address groups;
  Address sources;
};

const Fiction& fiction_of(const Dialect& dialect) {
  static constexpr Fiction kIpv4{.groups = Address::v4(239, 77, 0, 0),
                                 .sources = Address::v4(10, 66, 0, 0)};
  static constexpr Fiction kIpv6{.groups = Address::v6(0xFF15000000004D00, 0),
                                 .sources = Address::v6(0x20010DB800000042, 0)};
  return dialect.family == Family::kIPv4 ? kIpv4 : kIpv6;
}

FramePtr forged(MacAddress from, const Packet& packet) {
  Frame frame = *make_frame(from, packet);
  frame.forged = true;
  return std::make_shared<const Frame>(std::move(frame));
}

void spoil_igmp(Random& random, const Victims& victims, Packet& packet) {
  packet.router_alert = random.chance(0.5);
  switch (random.below(8)) {
    case 0:
      packet.hop_limit = static_cast<std::uint8_t>(2 + random.below(254));
      break;
    case 1:
      packet.source = Address::v4(0);
      break;
    case 2:
      packet.source = victims.subnet.first();
      break;
    case 3:
      packet.source = victims.subnet.last();
      break;
    case 4:
      packet.source = Address::v4(224, 0, 0, static_cast<std::uint8_t>(random.below(256)));
      break;
    case 5:
      packet.source = Address::v4(127, 0, 0, 1);
      break;
    case 6:
      // Somebody's own: a conflict there, a known one here.
      packet.source = pick(random, victims.queriers);
      packet.hop_limit = 64;
      break;
    default:
      packet.destination = pick(random, victims.queriers);
      break;
  }
}

// What makes any message of MLD invalid (RFC 9777 5, 7.4).
void spoil_mld_envelope(Random& random, const Victims& victims, Packet& packet) {
  switch (random.below(7)) {
    case 0:
      packet.hop_limit = static_cast<std::uint8_t>(2 + random.below(254));
      break;
    case 1:
      packet.hop_limit = 0;
      break;
    case 2:
      packet.router_alert = false;
      break;
    case 3:
      packet.source = Address{};
      break;
    case 4:
      // Global, unique local, and right behind the link-local range.
      packet.source = Address::v6(
          pick<std::uint64_t>(random, {0x20010DB800000000, 0xFD00000000000001, 0xFEC0000000000000}),
          1 + random.below(16));
      break;
    case 5:
      packet.source = Address::v6(0xFF02000000000000, random.below(256));
      break;
    default:
      packet.source = pick(random, victims.queriers);
      packet.hop_limit = 64;
      break;
  }
}

FramePtr forged_mld(Random& random, const Victims& victims, Packet packet) {
  const Dialect& dialect = dialect_of(Family::kIPv6);
  const std::uint64_t dice = random.below(10);
  if (dice == 0) {
    packet.destination = pick(random, victims.queriers);
  } else if (dice == 1) {
    packet.destination = dialect.all_version3_routers;
  } else {
    spoil_mld_envelope(random, victims, packet);
  }
  if (dice >= 7) {
    const Address group = pick(random, victims.groups);
    const bool leaves = random.chance(0.5);
    packet.destination = leaves ? dialect.all_routers : group;
    packet.message = Leave{group};
    const Record joined{.type = RecordType::kIsExclude, .group = group, .sources = {}};
    if (!leaves) packet.message = Report{.version = Version::k2, .records = {joined}};
  }
  return forged(victims.from, packet);
}

}  // namespace

Packet plain_query(Address source, Version version) {
  const Dialect& dialect = dialect_of(source);
  return {.source = source,
          .destination = dialect.all_systems,
          .hop_limit = 1,
          .router_alert = true,
          .message = Query{.version = dialect.spoken(version),
                           .group = Address::unspecified(dialect.family),
                           .max_response = seconds(10),
                           .suppress = false,
                           .robustness = 0,
                           .query_interval = {},
                           .sources = {}}};
}

FramePtr random_forgery(Random& random, Version version, const Victims& victims) {
  // Lower than everybody: it would win, were it believed.
  auto packet = plain_query(numbered(victims.subnet.first(), 1), version);
  if (dialect_of(packet.source).is_strict) return forged_mld(random, victims, std::move(packet));
  spoil_igmp(random, victims, packet);
  return forged(victims.from, packet);
}

FramePtr random_spoof(Random& random, const Prefix& subnet, MacAddress from) {
  const Dialect& dialect = dialect_of(subnet.first());
  const Fiction& fiction = fiction_of(dialect);
  Report report{.version = Version::k3, .records = {}};
  for (std::uint64_t records = 1 + random.below(4); report.records.size() < records;) {
    const std::uint64_t number = 10 * report.records.size() + random.below(10);
    const bool excludes = random.chance(0.4);
    Record record{.type = excludes ? RecordType::kIsExclude : RecordType::kAllow,
                  .group = numbered(fiction.groups, number),
                  .sources = {}};
    for (std::uint64_t sources = 1 + random.below(5); record.sources.size() < sources;) {
      record.sources.push_back(numbered(fiction.sources, 1 + random.below(250)));
    }
    report.records.push_back(std::move(record));
  }
  // A record that nobody may count: of everybody, or of a node alone.
  if (dialect.is_strict && random.chance(0.3)) {
    const Address untracked =
        pick<Address>(random, {dialect.all_systems, Address::v6(0xFF01000000000000, 0xFB)});
    report.records.push_back({.type = RecordType::kIsExclude, .group = untracked, .sources = {}});
  }
  const auto offset = random.below(subnet.last().low64() - subnet.first().low64());
  const Address host = numbered(subnet.first(), offset);
  const bool is_unicast = !host.is_v4() || (host.v4_bits() >> 24U < 224 && !host.is_loopback());
  return make_frame(from, {.source = is_unicast ? host : Address::v4(0),
                           .destination = dialect.all_version3_routers,
                           .hop_limit = 1,
                           .router_alert = true,
                           .message = std::move(report)});
}

}  // namespace querent::sim
