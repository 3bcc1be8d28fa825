#include "net/capture_file.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace querent::net {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

constexpr Duration kNoon = 1'767'268'800s;  // 2026-01-01 12:00 UTC

// A frame that owns its octets.
struct Kept {
  Duration time{};
  std::size_t full_size = 0;
  Bytes bytes;

  bool operator==(const Kept&) const = default;
};

class CaptureFile : public testing::Test {
 protected:
  CaptureFile()
      : path_(testing::TempDir() + "querent-" + std::to_string(::getpid()) + "-" +
              testing::UnitTest::GetInstance()->current_test_info()->name()) {}
  void TearDown() override { std::filesystem::remove(path_); }

  void fill(const Bytes& octets) {
    std::ofstream file(path_, std::ios::binary);
    for (const std::uint8_t octet : octets)
      file.put(static_cast<char>(octet));
  }

  Bytes contents() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void write(const std::vector<Kept>& frames, const CaptureWriter::Format& format = {}) {
    auto writer = CaptureWriter::open(path_, format);
    ASSERT_TRUE(writer) << writer.error().why;
    for (const Kept& frame : frames) {
      ASSERT_TRUE(writer->write({frame.time, frame.full_size, frame.bytes}));
    }
    ASSERT_TRUE(writer->flush());
  }

  // All frames up to the end or the error, which becomes error_.
  std::vector<Kept> read() {
    std::vector<Kept> frames;
    auto reader = CaptureReader::open(path_);
    if (!reader) {
      error_ = reader.error();
      return frames;
    }
    link_type_ = reader->link_type();
    while (true) {
      const auto frame = reader->next();
      if (!frame) error_ = frame.error();
      if (!frame || !*frame) return frames;
      const auto& [time, full_size, bytes] = **frame;
      frames.push_back({time, full_size, Bytes(bytes.begin(), bytes.end())});
    }
  }

  std::string path_;
  std::optional<CaptureError> error_;
  int link_type_ = 0;
};

std::vector<Kept> three_frames() {
  return {{kNoon + 123'456'789ns, 4, {1, 2, 3, 4}},
          {kNoon + 1s, 0, {}},
          {kNoon + 2s - 1ns, 9000, Bytes(60, 7)}};
}

void append16(Bytes& to, std::uint32_t value) {
  to.push_back(static_cast<std::uint8_t>(value));
  to.push_back(static_cast<std::uint8_t>(value >> 8U));
}

void append32(Bytes& to, std::uint32_t value) {
  append16(to, value & 0xFFFFU);
  append16(to, value >> 16U);
}

void append_block(Bytes& to, std::uint32_t type, const Bytes& body) {
  const auto size = static_cast<std::uint32_t>(body.size() + 12);
  append32(to, type);
  append32(to, size);
  to.insert(to.end(), body.begin(), body.end());
  append32(to, size);
}

// A little-endian pcapng section with one Ethernet interface.
Bytes pcapng(std::uint8_t time_resolution) {
  Bytes file;
  Bytes section;
  append32(section, 0x1A2B3C4D);
  append32(section, 1);           // version 1.0
  append32(section, 0xFFFFFFFF);  // of unknown length
  append32(section, 0xFFFFFFFF);
  append_block(file, 0x0A0D0D0A, section);
  Bytes interface;
  append32(interface, 1);  // Ethernet, reserved
  append32(interface, 65535);
  append16(interface, 9);  // if_tsresol, of one octet
  append16(interface, 1);
  append32(interface, time_resolution);
  append32(interface, 0);  // end of options
  append_block(file, 1, interface);
  return file;
}

void append_packet(Bytes& file, std::uint64_t time, const Bytes& octets) {
  Bytes packet;
  append32(packet, 0);  // interface
  append32(packet, static_cast<std::uint32_t>(time >> 32U));
  append32(packet, static_cast<std::uint32_t>(time));
  append32(packet, static_cast<std::uint32_t>(octets.size()));
  append32(packet, static_cast<std::uint32_t>(octets.size()));
  packet.insert(packet.end(), octets.begin(), octets.end());
  packet.resize((packet.size() + 3) / 4 * 4);
  append_block(file, 6, packet);
}

TEST_F(CaptureFile, WhatIsWrittenIsReadBack) {
  write(three_frames());
  auto expected = three_frames();
  EXPECT_EQ(read(), expected);
  EXPECT_FALSE(error_);
  EXPECT_EQ(link_type_, 1);
}

TEST_F(CaptureFile, MicrosecondsAreRoundedDown) {
  write(three_frames(), {.precision = CaptureWriter::Precision::kMicroseconds});
  const auto frames = read();
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0].time, kNoon + 123'456us);
  EXPECT_EQ(frames[2].time, kNoon + 1'999'999us);
}

TEST_F(CaptureFile, TheMagicNumberSaysThePrecision) {
  write({}, {.precision = CaptureWriter::Precision::kMicroseconds});
  EXPECT_EQ(contents()[0], 0xD4);
  write({}, {.precision = CaptureWriter::Precision::kNanoseconds});
  EXPECT_EQ(contents()[0], 0x4D);
}

TEST_F(CaptureFile, TheLinkTypeIsKept) {
  for (const int link_type : {1, 12, 113, 228, 276}) {
    write({}, {.link_type = link_type});
    EXPECT_TRUE(read().empty());
    EXPECT_FALSE(error_);
    EXPECT_EQ(link_type_, link_type);
  }
}

TEST_F(CaptureFile, FramesAreThereAsSoonAsTheyAreFlushed) {
  auto writer = CaptureWriter::open(path_, {});
  ASSERT_TRUE(writer);
  EXPECT_TRUE(read().empty());
  EXPECT_FALSE(error_) << "the header is there from the start";
  const Kept frame = three_frames()[0];
  ASSERT_TRUE(writer->write({frame.time, frame.full_size, frame.bytes}));
  ASSERT_TRUE(writer->flush());
  EXPECT_EQ(read(), std::vector{frame});
}

TEST_F(CaptureFile, ACutFileGivesWhatIsThereAndAnError) {
  write(three_frames());
  const Bytes whole = contents();
  const std::size_t header = 24;
  const std::size_t first = header + 16 + 4;
  const std::size_t second = first + 16;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    error_.reset();
    fill(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    const std::size_t frames = (size >= first ? 1U : 0U) + (size >= second ? 1U : 0U);
    EXPECT_EQ(read().size(), frames) << size;
    const bool between = size == header || size == first || size == second;
    EXPECT_EQ(error_.has_value(), !between) << size;
    if (!error_) continue;
    EXPECT_THAT(error_->why, HasSubstr("truncated")) << size;
    EXPECT_THAT(error_->what, EndsWith(path_)) << size;
  }
}

TEST_F(CaptureFile, TheErrorStays) {
  write(three_frames());
  Bytes cut = contents();
  cut.pop_back();
  fill(cut);
  auto reader = CaptureReader::open(path_);
  ASSERT_TRUE(reader);
  EXPECT_TRUE(reader->next());
  EXPECT_TRUE(reader->next());
  EXPECT_FALSE(reader->next());
  EXPECT_FALSE(reader->next());
}

TEST_F(CaptureFile, WhatIsNoCaptureIsRefused) {
  const std::string text = "Dear user, this is no capture file at all.";
  fill(Bytes(text.begin(), text.end()));
  EXPECT_TRUE(read().empty());
  ASSERT_TRUE(error_);
  EXPECT_EQ(error_->why, "unknown file format");
}

TEST_F(CaptureFile, AMissingFileIsSaidWithItsName) {
  read();
  ASSERT_TRUE(error_);
  EXPECT_EQ(error_->what, "cannot read " + path_);
  EXPECT_EQ(error_->why, "No such file or directory");
}

TEST_F(CaptureFile, APlaceThatCannotBeWrittenIsSaid) {
  const auto writer = CaptureWriter::open("/nowhere/at/all.pcap", {});
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().what, "cannot write /nowhere/at/all.pcap");
  EXPECT_EQ(writer.error().why, "No such file or directory");
}

TEST_F(CaptureFile, AFullDiskIsSaid) {
  const auto writer = CaptureWriter::open("/dev/full", {});
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().why, "No space left on device");
}

TEST_F(CaptureFile, Pcapng) {
  Bytes file = pcapng(9);  // nanoseconds
  append_packet(file, static_cast<std::uint64_t>((kNoon + 5ns).count()), {1, 2, 3, 4, 5});
  append_packet(file, static_cast<std::uint64_t>((kNoon + 1s).count()), {6});
  fill(file);
  const std::vector<Kept> expected = {{kNoon + 5ns, 5, {1, 2, 3, 4, 5}}, {kNoon + 1s, 1, {6}}};
  EXPECT_EQ(read(), expected);
  EXPECT_FALSE(error_);
  EXPECT_EQ(link_type_, 1);
}

TEST_F(CaptureFile, TimesThatCannotBeAreBounded) {
  for (const int resolution : {0, 6, 9, 127, 128, 255}) {
    Bytes file = pcapng(static_cast<std::uint8_t>(resolution));
    append_packet(file, ~std::uint64_t{0}, {1});
    fill(file);
    for (const Kept& frame : read()) {
      EXPECT_GE(frame.time, 0s) << resolution;
      EXPECT_LE(frame.time, std::chrono::seconds((std::int64_t{1} << 33U) + 1)) << resolution;
    }
  }
}

}  // namespace
}  // namespace querent::net
