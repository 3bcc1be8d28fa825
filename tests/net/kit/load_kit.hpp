#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "querent/message.hpp"
#include "querent_lan.hpp"

// For benchmarks of the whole program, on one cable:
//
//   here: querent, eth0, 10.0.0.1  ------  there: eth0, 10.0.0.2, who floods and listens

namespace querent::test {

inline constexpr Address kHere = Address::v4(10, 0, 0, 1);
inline constexpr Address kThere = Address::v4(10, 0, 0, 2);

double in_us(Duration duration);
Duration median(std::vector<Duration> all);

// Of many, by its number.
Address group(std::size_t number);
Bytes v2_report(Address group, Address source = kThere);
Bytes v3_report(std::vector<Record> records, Address source = kThere);

class Load : public testing::Test {
 protected:
  void SetUp() override;

  std::unique_ptr<lab::Namespace> here_;
  std::unique_ptr<lab::Namespace> there_;
};

// As fast as one thread can, `pause` after every `burst`.
struct Flood {
  std::size_t packets = 0;
  std::size_t burst = 64;
  Duration pause{0};
};

void flood(Mouth& mouth, const Flood& plan, const std::function<Bytes(std::size_t)>& packet);

lab::Usage usage(const lab::Process& process);

}  // namespace querent::test
