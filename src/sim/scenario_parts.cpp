#include "sim/scenario_parts.hpp"

#include <algorithm>
#include <utility>

namespace querent::sim {

using std::chrono::seconds;
using wire::Version;

namespace {

bool is_usable_unicast(Address address, const Prefix& subnet) {
  const std::uint32_t top = address.v4_bits() >> 24U;
  return top != 0 && top < 224 && !address.is_loopback() && !address.is_link_local() &&
         address != subnet.first() && address != subnet.last();
}

}  // namespace

Address AddressPool::take() {
  for (;;) {
    const auto span = subnet_.last().v4_bits() - subnet_.first().v4_bits();
    const auto offset = static_cast<std::uint32_t>(random_.below(std::uint64_t{span} + 1));
    const Address address = Address::v4(subnet_.first().v4_bits() + offset);
    if (is_usable_unicast(address, subnet_) && taken_.insert(address).second) return address;
  }
}

Prefix random_subnet(Random& random) {
  const auto length = pick<unsigned>(random, {0, 0, 8, 12, 16, 20, 24});
  const Prefix everything(Address::v4(0), 0);
  return {AddressPool(everything, random.fork()).take(), length};
}

MacAddress mac_of(std::size_t number) {
  return {{0x02, 0x00, 0x5E, 0x10, static_cast<std::uint8_t>(number >> 8U),
           static_cast<std::uint8_t>(number)}};
}

std::vector<Address> random_groups(Random& random) {
  std::vector<Address> groups{Address::v4(224, 0, 0, 251), Address::v4(239, 255, 255, 250),
                              Address::v4(232, 1, 2, 3), Address::v4(239, 1, 2, 3)};
  for (int i = 0; i < 6; ++i) {
    const auto low = static_cast<std::uint32_t>(random.below(1U << 24U));
    groups.push_back(Address::v4((random.chance(0.8) ? 0xEF000000U : 0xE1000000U) | low));
  }
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

Wish random_wish(Random& random, Version version, Address group) {
  const bool source_specific = group.v4_bits() >> 24U == 232;
  if (random.chance(0.3)) return {};
  if (version != Version::k3) return {.excludes = true, .sources = {}};
  Wish wish{.excludes = !source_specific && random.chance(0.7), .sources = {}};
  const std::uint64_t sources = wish.excludes ? random.below(3) : 1 + random.below(3);
  for (std::uint64_t i = 0; i < sources; ++i) {
    wish.sources.insert(Address::v4(10, 9, 8, static_cast<std::uint8_t>(1 + random.below(5))));
  }
  return wish;
}

FramePtr random_spoof(Random& random, const Prefix& subnet, MacAddress from) {
  wire::Report report{.version = Version::k3, .records = {}};
  for (std::uint64_t records = 1 + random.below(4); report.records.size() < records;) {
    const auto number = static_cast<std::uint8_t>(10 * report.records.size() + random.below(10));
    const bool excludes = random.chance(0.4);
    wire::Record record{.type = excludes ? wire::RecordType::kIsExclude : wire::RecordType::kAllow,
                        .group = Address::v4(239, 77, 0, number),
                        .sources = {}};
    for (std::uint64_t sources = 1 + random.below(5); record.sources.size() < sources;) {
      record.sources.push_back(
          Address::v4(10, 66, 0, static_cast<std::uint8_t>(1 + random.below(250))));
    }
    report.records.push_back(std::move(record));
  }
  const auto offset = random.below(subnet.last().v4_bits() - subnet.first().v4_bits());
  const auto host = subnet.first().v4_bits() + static_cast<std::uint32_t>(offset);
  const bool is_unicast = host >> 24U < 224 && host >> 24U != 127;
  return make_frame(from, {.source = Address::v4(is_unicast ? host : 0),
                           .destination = Address::v4(224, 0, 0, 22),
                           .hop_limit = 1,
                           .router_alert = true,
                           .message = std::move(report)});
}

wire::Packet plain_query(Address source, Version version) {
  return {.source = source,
          .destination = Address::v4(224, 0, 0, 1),
          .hop_limit = 1,
          .router_alert = true,
          .message = wire::Query{.version = version,
                                 .group = Address::v4(0),
                                 .max_response = seconds(10),
                                 .suppress = false,
                                 .robustness = 0,
                                 .query_interval = {},
                                 .sources = {}}};
}

FramePtr random_forgery(Random& random, Version version, const Prefix& subnet,
                        const std::vector<Address>& queriers, MacAddress from) {
  // Lower than everybody: it would win, were it believed.
  auto packet = plain_query(Address::v4(subnet.first().v4_bits() + 1), version);
  packet.router_alert = random.chance(0.5);
  switch (random.below(8)) {
    case 0:
      packet.hop_limit = static_cast<std::uint8_t>(2 + random.below(254));
      break;
    case 1:
      packet.source = Address::v4(0);
      break;
    case 2:
      packet.source = subnet.first();
      break;
    case 3:
      packet.source = subnet.last();
      break;
    case 4:
      packet.source = Address::v4(224, 0, 0, static_cast<std::uint8_t>(random.below(256)));
      break;
    case 5:
      packet.source = Address::v4(127, 0, 0, 1);
      break;
    case 6:
      packet.source = pick(random, queriers);  // somebody's own: a conflict there, a known one here
      packet.hop_limit = 64;
      break;
    default:
      packet.destination = pick(random, queriers);
      break;
  }
  Frame frame = *make_frame(from, packet);
  frame.forged = true;
  return std::make_shared<const Frame>(std::move(frame));
}

}  // namespace querent::sim
