/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of the tokens that stand for secret values. It must not lie in the recording: whoever has both could try values. A new key
 * begins a new epoch: the older ones stay below it in its file, and tokens name the epoch from the second one on, since those of different
 * epochs cannot be compared.
 */
public final class MaskingKey {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int TOKEN_BYTES = 16;

    private final SecretKeySpec key;
    private final SecretKeySpec first;
    private final String prefix;

    /** @param key 32 bytes */
    public MaskingKey(byte[] key) {
        this(List.of(key));
    }

    /** @param keys 32 bytes each, the newest first */
    private MaskingKey(List<byte[]> keys) {
        this.key = new SecretKeySpec(keys.getFirst(), ALGORITHM);
        this.first = new SecretKeySpec(keys.getLast(), ALGORITHM);
        this.prefix = keys.size() == 1 ? "hmac:" : "hmac:" + keys.size() + ":";
    }

    /**
     * Reads a key file, of one key a line, the newest first; creates it, readable only by its owner, if there is none.
     *
     * @throws TraversionException if it is damaged, or open to everybody. Its group may read it: volumes of a pod are like that
     */
    public static MaskingKey load(Path file) {
        try {
            return read(file);
        } catch (NoSuchFileException e) {
            return create(file);
        } catch (IOException e) {
            throw new TraversionException("Cannot read the masking key " + file + ": " + e.getMessage(), e);
        }
    }

    private static MaskingKey read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
            throw new TraversionException("The masking key " + file + " is open to others ("
                    + PosixFilePermissions.toString(permissions) + "): they could try values. Run chmod 600 " + file
                    + ".");
        }
        List<byte[]> keys = new ArrayList<>();
        for (String hex : Files.readString(file).strip().split("\\s+")) {
            if (!hex.matches("[0-9a-f]{" + 2 * KEY_BYTES + "}")) {
                throw damaged(file);
            }
            keys.add(HexFormat.of().parseHex(hex));
        }
        return new MaskingKey(keys);
    }

    private static TraversionException damaged(Path file) {
        return new TraversionException("The masking key " + file + " is damaged: it must be " + 2 * KEY_BYTES
                + " hexadecimal digits, or a line of them for each key, the newest first. Restore it, or delete it to begin with a new one (equal values before and after"
                + " will then have different tokens).");
    }

    private static MaskingKey create(Path file) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path unfinished = Files.createTempFile(
                    file.toAbsolutePath().getParent(),
                    "masking",
                    ".key",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                channel.write(
                        ByteBuffer.wrap((HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII)));
                channel.force(true);
            }
            try {
                Files.createLink(file, unfinished);
            } catch (FileAlreadyExistsException e) {
                // Another process was first.
                return read(file);
            } finally {
                Files.delete(unfinished);
            }
            return new MaskingKey(key);
        } catch (IOException e) {
            throw new TraversionException("Cannot write the masking key " + file + ": " + e.getMessage(), e);
        }
    }

    /** Tells whether two keys began as the same one, whatever epoch they are in, and nothing else. */
    public String fingerprint() {
        return "hmac:" + HexFormat.of().formatHex(digest(first, "key of traversion.dev", ""), 0, TOKEN_BYTES);
    }

    /** The token of a value: the same for equal values in the same field of the same namespace, and for nothing else. */
    String token(String namespace, String field, String value) {
        return prefix + HexFormat.of().formatHex(digest(key, scope(namespace, field), value), 0, TOKEN_BYTES);
    }

    /**
     * A number in place of another: the same for equal numbers in the same field of the same namespace, written like it, and not greater, so that it fits
     * where that one did.
     *
     * @param number as JSON writes it
     */
    String number(String namespace, String field, String number) {
        byte[] digest = digest(key, scope(namespace, field), number);
        StringBuilder masked = new StringBuilder(number);
        int first = number.startsWith("-") ? 1 : 0;
        for (int at = first; at < number.length() && "eE".indexOf(number.charAt(at)) < 0; at++) {
            char c = number.charAt(at);
            if (c != '.') {
                int random = digest[at % digest.length] & 0xFF;
                int lead = c - '0';
                int digit = at > first ? random % 10 : lead <= 1 ? lead : 1 + random % (lead - 1);
                masked.setCharAt(at, (char) ('0' + digit));
            }
        }
        return masked.toString();
    }

    /** Neither a namespace nor the name of a field has a line end in it. */
    private static String scope(String namespace, String field) {
        return namespace + "\n" + field;
    }

    private static byte[] digest(SecretKeySpec key, String field, String value) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(field.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
