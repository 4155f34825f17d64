# syntax=docker/dockerfile:1
# The worker's image, for amd64 and arm64. Neither development models nor anything else of dev/ is in it: Piper, the development
# voice, is GPL.
#
#   docker build -t recaller .
#   docker run --rm --read-only --tmpfs /tmp:exec -e LIVEKIT_URL -e LIVEKIT_API_KEY -e LIVEKIT_API_SECRET -e OPENAI_API_KEY -v recaller:/var/lib/recaller recaller
#   docker buildx build --platform linux/amd64,linux/arm64 --sbom=true --provenance=true -t REGISTRY/recaller:1 --push .
#
# On SIGTERM the worker takes no more calls and ends when the last one has: give it the time ("docker stop --time 1860").
# The bases are pinned by tag; to pin them by digest: --build-arg RUNTIME=eclipse-temurin:25.0.3_9-jre-noble@sha256:...

ARG BUILDER=maven:3.9-eclipse-temurin-25
ARG RUNTIME=eclipse-temurin:25.0.3_9-jre-noble

# Java is the same everywhere: built once, on the builder's own platform.
FROM --platform=$BUILDPLATFORM ${BUILDER} AS build
# Current fixes of the distribution are wanted, not one version of pip: what pip fetches is verified by hash.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --no-install-recommends --yes python3 python3-pip \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10002 build \
    && install --directory --owner=build /build /native
# Not as root: the build starts a PostgreSQL to generate code from the schema, and PostgreSQL refuses root.
USER 10002
WORKDIR /build
COPY dev/native.lock dev/native.lock
ARG TARGETARCH
RUN case "$TARGETARCH" in arm64) machine=aarch64 ;; *) machine=x86_64 ;; esac \
    && python3 -m pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: \
        --platform "manylinux_2_28_$machine" --implementation py --python-version 3.12 --abi none --target /tmp/wheel --requirement dev/native.lock \
    && cp /tmp/wheel/livekit/rtc/resources/liblivekit_ffi.so /native/ \
    && cp /tmp/wheel/livekit/rtc/resources/LICENSE.md /native/liblivekit_ffi.LICENSE.md \
    && rm -rf /tmp/wheel
COPY --chown=build . .
RUN --mount=type=cache,target=/home/build/.m2,uid=10002 mvn -B -q -Prelease -DskipTests package \
    && mkdir /build/lib \
    && cp worker/target/lib/*.jar worker/target/recaller-worker-*.jar /native/* /build/lib/ \
    && (printf -- '-cp "'; LC_ALL=C; for jar in lib/*.jar; do printf '/opt/recaller/%s:' "$jar"; done; printf '"\n') > classpath

# What the JVM learns from a start and a talk, so that the worker starts in half the time. Only for the same jars in the same order,
# hence the list of them in a file: a folder's own order differs from machine to machine.
FROM ${RUNTIME} AS prepared
RUN useradd --create-home --uid 10002 prepare
COPY --from=build /build/lib /opt/recaller/lib
COPY --from=build /build/classpath /opt/recaller/classpath
COPY flows /opt/recaller/flows
USER 10002
WORKDIR /home/prepare
RUN RECALLER_LIVEKIT_FFI=/opt/recaller/lib/liblivekit_ffi.so java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -XX:AOTCacheOutput=/home/prepare/recaller.aot @/opt/recaller/classpath dev.recaller.worker.command.Main prepare

FROM ${RUNTIME}
LABEL org.opencontainers.image.title="Recaller" \
      org.opencontainers.image.description="A phone-agent worker for LiveKit that knows who is calling"
RUN groupadd --system --gid 10001 recaller \
    && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/recaller --shell /usr/sbin/nologin recaller \
    && install --directory --owner=recaller --group=recaller --mode=0700 /var/lib/recaller
COPY --from=build /build/lib /opt/recaller/lib
COPY --from=build /build/classpath /opt/recaller/classpath
COPY --from=prepared /home/prepare/recaller.aot /opt/recaller/recaller.aot
COPY --from=build /build/worker/target/sbom.json /opt/recaller/sbom.json
COPY flows /opt/recaller/flows
ENV RECALLER_HOME=/var/lib/recaller \
    RECALLER_HTTP=0.0.0.0:8080 \
    RECALLER_LIVEKIT_FFI=/opt/recaller/lib/liblivekit_ffi.so
USER 10001:10001
WORKDIR /var/lib/recaller
# The only folders written to, beside /tmp, where native libraries are unpacked: all else may be read-only.
VOLUME /var/lib/recaller
EXPOSE 8080
STOPSIGNAL SIGTERM
# The image has no HTTP client; bash speaks enough of it. Port 8080 unless RECALLER_HTTP says otherwise.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${RECALLER_HTTP##*:} && printf 'GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
# The JVM itself is process 1, so SIGTERM reaches it. Half of the memory is heap; the native core, models and stacks live in the rest.
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxRAMPercentage=50", "-XX:AOTCache=/opt/recaller/recaller.aot", "-XX:AOTMode=auto", "-Xlog:aot*=off", "-Xlog:cds*=off", "@/opt/recaller/classpath", "dev.recaller.worker.command.Main"]
CMD ["worker"]
