# The tests that make no system calls of their own, for another architecture under qemu-user, from what was compiled for the image:
#
#   docker build --build-arg TARGETARCH=arm64 --target builder -t querent-builder:arm64 .
#   docker build --build-arg TARGETARCH=arm64 --build-arg BUILDER=querent-builder:arm64 -f docker/tests.Dockerfile .
ARG BUILDER=querent-builder
FROM ${BUILDER}
ARG TARGETARCH
RUN docker/install-tools "${TARGETARCH:-}" build test emulator
COPY sim sim/
COPY tests tests/
RUN docker/compile "${TARGETARCH:-}" "" unit_tests app_tests observe_tests sim_tests
COPY docker/try docker/
RUN docker/try "${TARGETARCH:-}" unit_tests app_tests observe_tests sim_tests
