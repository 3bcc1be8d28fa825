#include "probe/usual_destination.hpp"

#include <variant>

#include "core/family_rules.hpp"

namespace querent::probe {

namespace {

constexpr Address link_group(std::uint64_t number) {
  return Address::v6(0xFF02000000000000, number);
}

// RFC 2236 9, 2710 4.
Address all_routers(Family family) {
  return family == Family::kIPv4 ? Address::v4(224, 0, 0, 2) : link_group(2);
}

// Of the newest version: RFC 9776 4.2.14, 9777 5.2.14.
Address all_report_readers(Family family) {
  return family == Family::kIPv4 ? Address::v4(224, 0, 0, 22) : link_group(0x16);
}

}  // namespace

Address usual_destination(const Message& message, Family family) {
  if (const auto* query = std::get_if<Query>(&message)) {
    return query->is_general() ? core::family_rules(family).all_systems : query->group;
  }
  if (std::holds_alternative<Leave>(message)) return all_routers(family);
  const auto& report = std::get<Report>(message);
  const bool newest = report.version == Version::k3;
  return newest || report.records.empty() ? all_report_readers(family) : report.records[0].group;
}

}  // namespace querent::probe
