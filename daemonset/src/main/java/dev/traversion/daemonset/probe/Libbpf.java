/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.traversion.archive.TraversionException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** The functions of libbpf (1.0 and newer) and of the system that the agent uses. */
final class Libbpf {

    private static final String LIBRARY = "libbpf.so.1";

    final Native openMemory;
    final Native load;
    final Native close;
    final Native nextProgram;
    final Native attach;
    final Native linkFd;
    final Native destroyLink;
    final Native nextMap;
    final Native mapName;
    final Native mapFd;
    final Native reuseMap;
    final Native mapEntries;
    final Native setMapEntries;
    final Native lookup;
    final Native update;
    final Native nextKey;
    final Native delete;
    final Native possibleCpus;
    final Native createIterator;
    final Native newPerfBuffer;
    final Native consumePerfBuffer;
    final Native freePerfBuffer;

    final Native mapMemory;
    final Native unmapMemory;
    final Native read;
    final Native closeFd;

    /** @throws TraversionException if the library is not installed, or too old */
    Libbpf() {
        SymbolLookup library;
        try {
            library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new TraversionException(
                    "The agent needs " + LIBRARY + ", which is not installed here (apt-get install libbpf1).", e);
        }
        openMemory = pointer(library, "bpf_object__open_mem", ADDRESS, JAVA_LONG, ADDRESS);
        load = integer(library, "bpf_object__load", ADDRESS);
        close = nothing(library, "bpf_object__close", ADDRESS);
        nextProgram = pointer(library, "bpf_object__next_program", ADDRESS, ADDRESS);
        attach = pointer(library, "bpf_program__attach", ADDRESS);
        linkFd = integer(library, "bpf_link__fd", ADDRESS);
        destroyLink = integer(library, "bpf_link__destroy", ADDRESS);
        nextMap = pointer(library, "bpf_object__next_map", ADDRESS, ADDRESS);
        mapName = pointer(library, "bpf_map__name", ADDRESS);
        mapFd = integer(library, "bpf_map__fd", ADDRESS);
        reuseMap = integer(library, "bpf_map__reuse_fd", ADDRESS, JAVA_INT);
        mapEntries = integer(library, "bpf_map__max_entries", ADDRESS);
        setMapEntries = integer(library, "bpf_map__set_max_entries", ADDRESS, JAVA_INT);
        lookup = integer(library, "bpf_map_lookup_elem", JAVA_INT, ADDRESS, ADDRESS);
        update = integer(library, "bpf_map_update_elem", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
        nextKey = integer(library, "bpf_map_get_next_key", JAVA_INT, ADDRESS, ADDRESS);
        delete = integer(library, "bpf_map_delete_elem", JAVA_INT, ADDRESS);
        possibleCpus = integer(library, "libbpf_num_possible_cpus");
        createIterator = integer(library, "bpf_iter_create", JAVA_INT);
        newPerfBuffer = pointer(library, "perf_buffer__new", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        consumePerfBuffer = integer(library, "perf_buffer__consume", ADDRESS);
        freePerfBuffer = nothing(library, "perf_buffer__free", ADDRESS);
        // What it would print is in what its functions return, or in the verifier's log.
        pointer(library, "libbpf_set_print", ADDRESS).call(MemorySegment.NULL);

        mapMemory = Native.ofC(
                "mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        unmapMemory = Native.ofC("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        read = Native.ofC("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        closeFd = Native.ofC("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private static Native pointer(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Native.of(library, name, FunctionDescriptor.of(ADDRESS, arguments));
    }

    private static Native integer(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Native.of(library, name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static Native nothing(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Native.of(library, name, FunctionDescriptor.ofVoid(arguments));
    }
}
