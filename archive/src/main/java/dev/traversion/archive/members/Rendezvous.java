/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

import dev.traversion.archive.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;

/** Shares types among writers: each goes to the one with the highest score, so when one leaves only its own types move. */
final class Rendezvous {

    private Rendezvous() {}

    /** The writer a type belongs to; the same for all who see the same writers. */
    static String owner(ResourceType type, Collection<String> writers) {
        return writers.stream()
                .max(Comparator.comparingLong((String writer) -> score(type, writer))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    /** FNV-1a, and the last mixing of MurmurHash3, without which similar names would score alike. */
    private static long score(ResourceType type, String writer) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : (type + " " + writer).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
