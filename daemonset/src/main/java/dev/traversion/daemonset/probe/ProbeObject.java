/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One compiled probe, loaded and attached until it is closed. Maps of a name are shared with those of {@link SharedMaps}. */
final class ProbeObject implements AutoCloseable {

    private static final int LOG_BYTES = 1 << 20;
    private static final int LOG_SHOWN = 4000;
    private static final int NAME_BYTES = 64;

    /** struct bpf_object_open_opts: its size, and where the verifier's log is named. */
    private static final long OPTIONS_BYTES = 80;

    private static final long OPTIONS_NAME = 8;
    private static final long OPTIONS_LOG = 56;
    private static final long OPTIONS_LOG_BYTES = 64;

    private static final int NO_SUCH_PROCESS = 3;
    private static final int NO_SUCH_FILE = 2;
    private static final int NOT_PERMITTED = 1;
    private static final int ACCESS_DENIED = 13;

    private final Libbpf libbpf;
    private final String name;
    private final MemorySegment object;
    private final List<MemorySegment> links = new ArrayList<>();

    private ProbeObject(Libbpf libbpf, String name, MemorySegment object) {
        this.libbpf = libbpf;
        this.name = name;
        this.object = object;
    }

    /**
     * Loads a probe.
     *
     * @param shared file descriptors of maps that are there already; what is not is added
     * @throws TraversionException with the reason, and the verifier's words if it refused a program
     */
    static ProbeObject load(Libbpf libbpf, String name, SharedMaps shared) {
        return load(libbpf, name, compiled(name), shared);
    }

    static ProbeObject load(Libbpf libbpf, String name, byte[] compiled, SharedMaps shared) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment log = arena.allocate(LOG_BYTES);
            MemorySegment options = arena.allocate(OPTIONS_BYTES, Long.BYTES);
            options.set(JAVA_LONG, 0, OPTIONS_BYTES);
            options.set(ADDRESS, OPTIONS_NAME, arena.allocateFrom(name));
            options.set(ADDRESS, OPTIONS_LOG, log);
            options.set(JAVA_LONG, OPTIONS_LOG_BYTES, LOG_BYTES);
            MemorySegment bytes = arena.allocate(compiled.length, Long.BYTES);
            MemorySegment.copy(compiled, 0, bytes, JAVA_BYTE, 0, compiled.length);
            MemorySegment opened;
            try {
                opened = libbpf.openMemory.callPointer(bytes, (long) compiled.length, options);
            } catch (NativeException e) {
                throw failed(name, e.errno(), "");
            }
            ProbeObject probe = new ProbeObject(libbpf, name, opened);
            try {
                shared.share(probe.maps());
                int result = libbpf.load.callInt(opened);
                if (result < 0) {
                    throw failed(name, -result, log.getString(0));
                }
                shared.add(probe.maps());
                return probe;
            } catch (RuntimeException e) {
                probe.close();
                throw e;
            }
        }
    }

    /** Lets all its programs run from now on. */
    void attach() {
        for (MemorySegment program = next(libbpf.nextProgram, MemorySegment.NULL);
                program.address() != 0;
                program = next(libbpf.nextProgram, program)) {
            try {
                links.add(libbpf.attach.callPointer(program));
            } catch (NativeException e) {
                throw failed(name, e.errno(), "");
            }
        }
    }

    /** A file descriptor of the (only) attached iterator's output. */
    int iterate() {
        return libbpf.createIterator.callChecked(libbpf.linkFd.callInt(links.getFirst()));
    }

    private Map<String, MemorySegment> maps() {
        Map<String, MemorySegment> maps = new HashMap<>();
        for (MemorySegment map = next(libbpf.nextMap, MemorySegment.NULL);
                map.address() != 0;
                map = next(libbpf.nextMap, map)) {
            maps.put(libbpf.mapName.callPointer(map).reinterpret(NAME_BYTES).getString(0), map);
        }
        return maps;
    }

    private MemorySegment next(Native function, MemorySegment before) {
        return function.callNullable(object, before);
    }

    private static byte[] compiled(String name) {
        String resource = "/probes/" + name + ".bpf.o";
        try (InputStream in = ProbeObject.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new TraversionException(
                        "The probe " + name
                                + " is not in this build, which was made without clang (bpf-programs/build.sh packages installs it).");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TraversionException failed(String name, int errno, String log) {
        String reason =
                switch (errno) {
                    case NO_SUCH_PROCESS, NO_SUCH_FILE -> "this kernel has no such hook";
                    case NOT_PERMITTED, ACCESS_DENIED ->
                        "the kernel does not permit it: the agent needs the capabilities BPF and PERFMON";
                    default -> Native.message(errno);
                };
        String end = log.length() > LOG_SHOWN ? "..." + log.substring(log.length() - LOG_SHOWN) : log;
        return new TraversionException("The probe " + name + " cannot be used: " + reason
                + (end.isBlank() ? "" : ". The verifier says:\n" + end.strip()));
    }

    @Override
    public void close() {
        for (MemorySegment link : links) {
            libbpf.destroyLink.call(link);
        }
        libbpf.close.call(object);
    }
}
