/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.state.Memory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where recordings are: the names users give, made absolute. */
public final class Locations {

    private static final String VARIABLE = "TRAVERSION_RECORDING";
    private static final Pattern LAST_NAME = Pattern.compile("([^/]+)/*$");

    private Locations() {}

    /** A directory as an absolute path; s3:// as it is, without slashes at its end. */
    public static String absolute(String location) {
        if (location.startsWith("s3://")) {
            return location.replaceAll("(?<=[^/])/+$", "");
        }
        if (location.contains("://")) {
            return location;
        }
        return Path.of(location).toAbsolutePath().normalize().toString();
    }

    /**
     * The recording a command is about: the one given, else TRAVERSION_RECORDING, else the last one recorded or opened.
     *
     * @param given --from; {@code ""} if not given
     * @throws TraversionException if there is none
     */
    public static String choose(String given, Map<String, String> environment, Memory memory) {
        return named(given, environment)
                .or(memory::recording)
                .orElseThrow(
                        () -> new TraversionException("No recording is known yet. Name one with --from DIR or --from"
                                + " s3://bucket/prefix, or make one: kubectl traversion record --to DIR"));
    }

    /** The recording that is named: by --from ({@code ""} if it is not given), else by TRAVERSION_RECORDING. */
    public static Optional<String> named(String given, Map<String, String> environment) {
        String name = given.isEmpty() ? environment.getOrDefault(VARIABLE, "") : given;
        return name.isEmpty() ? Optional.empty() : Optional.of(absolute(name));
    }

    /** What a cluster is called in the names of contexts, where the recording holds one cluster: the last part of its location. */
    static String name(String location) {
        Matcher last = LAST_NAME.matcher(location);
        String name = last.find() ? last.group(1).replaceFirst("\\.trv$", "") : "";
        String plain = name.replaceAll("[^A-Za-z0-9._-]", "-");
        return plain.isEmpty() || plain.endsWith(":") ? "recording" : plain;
    }
}
