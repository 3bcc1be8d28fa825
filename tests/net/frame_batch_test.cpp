#include "net/frame_batch.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/fd.hpp"

namespace querent::net {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    in = os::Fd{ends[0]};
    out = os::Fd{ends[1]};
  }
  void send(const Bytes& bytes) const {
    EXPECT_EQ(::send(in.number(), bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
  }

  os::Fd in;
  os::Fd out;
};

TEST(FrameBatchTest, NothingWaits) {
  const Pair pair;
  FrameBatch batch;
  EXPECT_THAT(batch.fill(pair.out.number()).value(), IsEmpty());
}

TEST(FrameBatchTest, FramesComeInOrderAndTheNextFillReplacesThem) {
  const Pair pair;
  FrameBatch batch;
  pair.send({1});
  pair.send({2, 2});
  const auto frames = batch.fill(pair.out.number()).value();
  ASSERT_THAT(frames, SizeIs(2));
  EXPECT_THAT(frames[0].packet, testing::ElementsAre(1));
  EXPECT_THAT(frames[1].packet, testing::ElementsAre(2, 2));
  EXPECT_FALSE(frames[0].source.is_known());
  pair.send({3});
  EXPECT_THAT(batch.fill(pair.out.number()).value()[0].packet, testing::ElementsAre(3));
}

TEST(FrameBatchTest, AnEmptyFrameIsAFrame) {
  const Pair pair;
  FrameBatch batch;
  pair.send({});
  ASSERT_THAT(batch.fill(pair.out.number()).value(), SizeIs(1));
}

TEST(FrameBatchTest, WhatHasNoPlaceIsLeftOut) {
  const Pair pair;
  FrameBatch batch;
  pair.send(Bytes(FrameBatch::kFrameSize + 1, 1));
  pair.send(Bytes(FrameBatch::kFrameSize, 2));
  const auto frames = batch.fill(pair.out.number()).value();
  ASSERT_THAT(frames, SizeIs(1));
  EXPECT_EQ(Bytes(frames[0].packet.begin(), frames[0].packet.end()),
            Bytes(FrameBatch::kFrameSize, 2));
}

TEST(FrameBatchTest, ARefusalIsAValue) {
  FrameBatch batch;
  EXPECT_EQ(batch.fill(-1).error().to_string(), "cannot receive: Bad file descriptor (EBADF)");
}

}  // namespace
}  // namespace querent::net
