/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Numbers in the kernel's files; -1 for what is not there. */
final class CgroupFiles {

    /** What version 1 says for "no limit", about. */
    private static final long UNLIMITED = 1L << 60;

    private CgroupFiles() {}

    /** The only number of a file. */
    static long number(Path file) {
        return parse(read(file).strip());
    }

    /** A limit: -1 if there is none. */
    static long limit(Path file) {
        long limit = number(file);
        return limit > UNLIMITED ? -1 : limit;
    }

    /** The number after a word at the beginning of a line. */
    static long field(String text, String name) {
        for (String line : text.split("\n")) {
            if (line.startsWith(name + " ")) {
                return parse(line.substring(name.length() + 1).strip().split(" ")[0]);
            }
        }
        return -1;
    }

    /** The sum of the numbers that follow a word, in all lines: {@code rbytes=12} or {@code Read 12}. */
    static long sum(String text, String name, char separator) {
        long sum = text.isEmpty() ? -1 : 0;
        for (String line : text.split("\n")) {
            int at = (" " + line).indexOf(" " + name + separator);
            if (at >= 0 && !line.startsWith("Total")) {
                long value = parse(line.substring(at + name.length() + 1).split(" ")[0]);
                sum += Math.max(0, value);
            }
        }
        return sum;
    }

    /** How long some task had to wait, us, of a file of pressure. */
    static long pressure(Path file) {
        String text = read(file);
        int at = text.indexOf("total=");
        return at < 0 ? -1 : parse(text.substring(at + "total=".length()).split("\\s")[0]);
    }

    /** {@code ""} if it is not there, or went away. */
    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    private static long parse(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            // "max", for example
            return -1;
        }
    }
}
