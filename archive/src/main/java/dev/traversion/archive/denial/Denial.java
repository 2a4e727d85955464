/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A lifetime of a namespace that is erased, and must not come back. The namespace's name is not in it, only a salted hash: whoever
 * knows the name can tell that it is meant, nobody can read it here.
 *
 * @param format {@code 1.0}
 * @param id of the erasure
 * @param salt of the hash, in hex
 * @param namespace SHA-256 of the salt and the name, in hex
 * @param uid see {@link Lifetime}, as for those that follow
 * @param pods SHA-256 of the salt and the uid of each pod there was, in hex: agents tell of pods by nothing else
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Denial(
        String format,
        String id,
        String salt,
        String namespace,
        String uid,
        String created,
        String createdFrom,
        String createdBefore,
        long from,
        long to,
        long seenFrom,
        long seenTo,
        Set<String> pods) {

    public Denial {
        pods = pods == null ? Set.of() : Set.copyOf(pods);
    }

    /**
     * Of a lifetime.
     *
     * @param pods uids
     */
    public static Denial of(String id, String salt, Lifetime lifetime, Collection<String> pods) {
        return new Denial(
                "1.0",
                id,
                salt,
                hash(salt, lifetime.namespace()),
                lifetime.uid(),
                lifetime.created(),
                lifetime.createdFrom(),
                lifetime.createdBefore(),
                lifetime.from(),
                lifetime.to(),
                lifetime.seenFrom(),
                lifetime.seenTo(),
                pods.stream().map(uid -> hash(salt, uid)).collect(Collectors.toSet()));
    }

    /** Whether it is about a namespace of this name. */
    public boolean isOf(String name) {
        return hash(salt, name).equals(namespace);
    }

    /** Whether a pod was in it. */
    boolean hasPod(String podUid) {
        return !pods.isEmpty() && pods.contains(hash(salt, podUid));
    }

    /** The same for those who need not know which pods there were. */
    public Denial withoutPods() {
        return new Denial(
                format,
                id,
                salt,
                namespace,
                uid,
                created,
                createdFrom,
                createdBefore,
                from,
                to,
                seenFrom,
                seenTo,
                Set.of());
    }

    /** Whether no later lifetime was known when it was made. */
    public boolean isOpen() {
        return to == Long.MAX_VALUE;
    }

    /** The lifetime, for who knows the name. */
    public Lifetime lifetime(String name) {
        return new Lifetime(name, uid, created, createdFrom, createdBefore, from, to, seenFrom, seenTo);
    }

    /** The same, ended by a later lifetime. */
    Denial endedBy(String nextCreated, long nextFrom) {
        return new Denial(
                format,
                id,
                salt,
                namespace,
                uid,
                created,
                createdFrom,
                nextCreated,
                from,
                nextFrom,
                seenFrom,
                seenTo,
                pods);
    }

    private static String hash(String salt, String name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
