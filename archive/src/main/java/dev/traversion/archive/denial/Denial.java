/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A lifetime of a namespace that is erased, and must not come back. The namespace's name is not in it, only a salted hash: whoever
 * knows the name can tell that it is meant, nobody can read it here.
 *
 * @param format {@code 1.0}
 * @param id of the erasure
 * @param salt of the hash, in hex
 * @param namespace SHA-256 of the salt and the name, in hex
 * @param uid see {@link Lifetime}, as for the rest
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
        long seenTo) {

    /** Of a lifetime. */
    public static Denial of(String id, String salt, Lifetime lifetime) {
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
                lifetime.seenTo());
    }

    /** Whether it is about a namespace of this name. */
    public boolean isOf(String name) {
        return hash(salt, name).equals(namespace);
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
                format, id, salt, namespace, uid, created, createdFrom, nextCreated, from, nextFrom, seenFrom, seenTo);
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
