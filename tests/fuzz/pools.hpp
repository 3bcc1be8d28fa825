#pragma once

#include <array>

#include "querent/address.hpp"
#include "querent/time.hpp"

// The few values that scripts are made of: few, so that what happens meets.

namespace querent::fuzz {

using namespace std::chrono_literals;

constexpr Address link_local(std::uint64_t low) {
  return Address::v6(0xFE80000000000000, low);
}
constexpr Address documentation(std::uint64_t low) {
  return Address::v6(0x20010DB800000000, low);
}

// Ours, several of which a link may have.
inline constexpr std::array kOwn4 = {Address::v4(192, 0, 2, 20), Address::v4(192, 0, 2, 10),
                                     Address::v4(169, 254, 1, 1), Address::v4(198, 51, 100, 1)};
inline constexpr std::array kOwn6 = {link_local(0x20), link_local(0x10), link_local(0x5),
                                     Address::v6(0xFE80000000000001, 0x15)};
inline constexpr std::array kPrefixes = {24U, 30U, 31U, 16U, 0U, 32U};

// Who else speaks: below, between and above ours, and some that must not.
inline constexpr std::array kPeers4 = {
    Address::v4(192, 0, 2, 1),   Address::v4(192, 0, 2, 5),   Address::v4(192, 0, 2, 15),
    Address::v4(192, 0, 2, 30),  Address::v4(192, 0, 2, 10),  Address::v4(203, 0, 113, 9),
    Address::v4(0, 0, 0, 0),     Address::v4(192, 0, 2, 255), Address::v4(192, 0, 2, 0),
    Address::v4(224, 0, 0, 5),   Address::v4(127, 0, 0, 1),   Address::v4(255, 255, 255, 255),
    Address::v4(169, 254, 0, 9),
};
inline constexpr std::array kPeers6 = {
    link_local(1),     link_local(0xF),
    link_local(0x15),  Address::v6(0xFEBF000000000000, 1),
    link_local(0x30),  link_local(0x10),
    documentation(1),  Address::v6(0, 0),
    Address::v6(0, 1), Address::v6(0xFF02000000000000, 1),
};

inline constexpr std::array kGroups4 = {
    Address::v4(239, 1, 1, 1),   Address::v4(239, 1, 1, 2), Address::v4(239, 1, 1, 3),
    Address::v4(224, 0, 0, 251), Address::v4(232, 1, 1, 1), Address::v4(224, 0, 0, 1),
    Address::v4(239, 1, 1, 4),
};
inline constexpr std::array kGroups6 = {
    Address::v6(0xFF05000000000000, 1),    Address::v6(0xFF05000000000000, 2),
    Address::v6(0xFF1E000000000000, 3),    Address::v6(0xFF02000000000000, 0xFB),
    Address::v6(0xFF3E000000000000, 1),    Address::v6(0xFF02000000000000, 1),
    Address::v6(0xFF01000000000000, 0xFB),
};

inline constexpr MacAddress kOurMac{{0x52, 0x54, 0, 0, 0, 1}};
inline constexpr std::array kMacs = {MacAddress{{0x52, 0x54, 0, 0, 0, 2}},
                                     MacAddress{{0x52, 0x54, 0, 0, 0, 3}}, MacAddress{}, kOurMac};

inline constexpr std::array<Duration, 6> kIntervals = {60s, 10s, 1s, 100ms, 125s, 3600s};
inline constexpr std::array<Duration, 6> kTimeouts = {0s, 1s, 100ms, 120s, 300s, 7200s};
inline constexpr std::array<Duration, 4> kMemberIntervals = {1s, 100ms, 25500ms, 1234567us};
inline constexpr std::array<Duration, 8> kResponses = {10s,     1s,        100ms, 0s,
                                                       25500ms, 3174400ms, 5s,    12s};
inline constexpr std::array<Duration, 6> kAnnounced = {0s, 60s, 1s, 10s, 125s, 31744s};
inline constexpr std::array kJitters = {0.25, 0.0, 0.9};
inline constexpr std::array<Duration, 16> kPauses = {
    0ns, 1ns, 1ms, 100ms, 999ms, 1s, 2s, 5s, 10s, 20s, 60s, 100s, 255s, 260s, 900s, 10800s};

}  // namespace querent::fuzz
