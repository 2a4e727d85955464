/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A text that must be nowhere: searched for as it is, in base64 at every alignment, in base64 of that, and in hex, in files and in all
 * that is compressed in them.
 */
final class Canary {

    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    private static final byte[] GZIP = {0x1f, (byte) 0x8b, 8};
    private static final int MOST_BYTES = 256 << 20;

    private final Map<String, byte[]> forms = new TreeMap<>();
    private final String text;
    private long compressed;

    /** @param text letters and digits only: URLs and JSON leave them as they are */
    Canary(String text) {
        this.text = text;
        forms.put("as it is", text.getBytes(StandardCharsets.US_ASCII));
        forms.put(
                "hex",
                HexFormat.of()
                        .formatHex(text.getBytes(StandardCharsets.US_ASCII))
                        .getBytes(StandardCharsets.US_ASCII));
        forms.put(
                "HEX",
                HexFormat.of()
                        .formatHex(text.getBytes(StandardCharsets.US_ASCII))
                        .toUpperCase(Locale.ROOT)
                        .getBytes(StandardCharsets.US_ASCII));
        for (int shift = 0; shift < 3; shift++) {
            String once = base64(text, shift);
            forms.put("base64, alignment " + shift, once.getBytes(StandardCharsets.US_ASCII));
            for (int again = 0; again < 3; again++) {
                forms.put(
                        "base64 of base64, alignments " + shift + " and " + again,
                        base64(once, again).getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** What of the base64 of a text does not depend on what is around it. */
    private static String base64(String text, int shift) {
        String padded = "x".repeat(shift) + text;
        String encoded =
                Base64.getEncoder().withoutPadding().encodeToString(padded.getBytes(StandardCharsets.US_ASCII));
        int from = (8 * shift + 5) / 6;
        return encoded.substring(from, padded.length() * 8 / 6);
    }

    String text() {
        return text;
    }

    /** How many compressed streams the search went through. */
    long compressed() {
        return compressed;
    }

    /** Where it is, a line each; empty if it is nowhere. */
    List<String> findIn(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                findIn(Files.readAllBytes(file), folder.relativize(file).toString(), found);
            }
        }
        return found;
    }

    /** Where it is in what a program said. */
    List<String> findIn(String said, String where) throws IOException {
        List<String> found = new ArrayList<>();
        findIn(said.getBytes(StandardCharsets.UTF_8), where, found);
        return found;
    }

    private void findIn(byte[] bytes, String where, List<String> found) throws IOException {
        forms.forEach((form, needle) -> {
            int at = indexOf(bytes, needle, 0);
            if (at >= 0) {
                int from = Math.max(0, at - 60);
                String around =
                        new String(bytes, from, Math.min(bytes.length - from, 160), StandardCharsets.ISO_8859_1);
                found.add(where + ", " + form + ": ..." + around);
            }
        });
        for (int at = indexOf(bytes, ZSTD, 0); at >= 0; at = indexOf(bytes, ZSTD, at + 1)) {
            InputStream in = new ByteArrayInputStream(bytes, at, bytes.length - at);
            unpacked(new ZstdInputStream(in).setContinuous(true), where + ", zstd at " + at, found);
        }
        for (int at = indexOf(bytes, GZIP, 0); at >= 0; at = indexOf(bytes, GZIP, at + 1)) {
            InputStream in = new ByteArrayInputStream(bytes, at, bytes.length - at);
            try {
                unpacked(new GZIPInputStream(in), where + ", gzip at " + at, found);
            } catch (IOException e) {
                // These bytes only look like the beginning of something compressed.
                System.getLogger("canary").log(System.Logger.Level.TRACE, where, e);
            }
        }
    }

    /** What comes out of it before what is no more of it. */
    private void unpacked(InputStream in, String where, List<String> found) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        try (in) {
            for (int read = in.read(buffer); read > 0 && content.size() < MOST_BYTES; read = in.read(buffer)) {
                content.write(buffer, 0, read);
            }
        } catch (IOException e) {
            System.getLogger("canary").log(System.Logger.Level.TRACE, where, e);
        }
        if (content.size() > 0) {
            compressed++;
            findIn(content.toByteArray(), where, found);
        }
    }

    private static int indexOf(byte[] bytes, byte[] needle, int from) {
        for (int at = from; at <= bytes.length - needle.length; at++) {
            int same = 0;
            while (same < needle.length && bytes[at + same] == needle[same]) {
                same++;
            }
            if (same == needle.length) {
                return at;
            }
        }
        return -1;
    }
}
