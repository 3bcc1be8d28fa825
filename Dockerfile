# querent and the libraries it needs, nothing else: no shell, no package manager. For BuildKit and for the builder before it.
#
#   docker build -t querent .
#   docker build --platform linux/arm64 -t querent:arm64 .
#
# Architectures: amd64, arm64, arm (Debian's armhf), on a builder of any of them. Another than the builder's needs BuildKit, which
# says TARGETARCH. Where containers have no network of their own: docker build --network host.

FROM --platform=${BUILDPLATFORM:-linux} debian:trixie-slim AS tools
ARG TARGETARCH
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /querent
COPY dev ./
COPY docker/architecture docker/install-tools docker/
RUN docker/install-tools "${TARGETARCH:-}" build

FROM tools AS builder
ARG TARGETARCH
ARG COMMIT
ARG HOMEPAGE
COPY CMakeLists.txt CMakePresets.json LICENSE ./
COPY cmake cmake/
COPY include include/
COPY src src/
COPY docker/assemble docker/compile docker/grant.cpp docker/
RUN docker/compile "${TARGETARCH:-}" "${COMMIT:-}" querent && docker/assemble "${TARGETARCH:-}" /image

FROM scratch
ARG COMMIT
ARG HOMEPAGE
LABEL org.opencontainers.image.title="querent" \
      org.opencontainers.image.description="An IGMP and MLD querier: keeps multicast alive where switches snoop but nobody asks" \
      org.opencontainers.image.url="${HOMEPAGE}" \
      org.opencontainers.image.vendor="querent" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${COMMIT}"
COPY --from=builder /image/ /
# The capability is given here, because COPY may lose it; what gives it removes itself.
RUN ["/grant", "/usr/bin/querent"]
USER 65534:65534
EXPOSE 9224
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=2s --start-period=5s CMD ["querent", "health"]
ENTRYPOINT ["querent"]
