/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.part.RawVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Finds erased values, of which only hashes are known, and puts something else in their place. Every window of the lengths in question
 * is looked at, by a sum that rolls along. Safe for concurrent use.
 */
public final class SubjectSearch {

    /** Finds nothing. */
    public static final SubjectSearch NOTHING = new SubjectSearch(List.of());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> IDENTITY = List.of(
            "/apiVersion",
            "/kind",
            "/metadata/uid",
            "/metadata/name",
            "/metadata/namespace",
            "/metadata/resourceVersion",
            "/metadata/creationTimestamp");

    private record Known(Subject subject, Subject.Form form) {}

    private record OfLength(int length, BitSet sums, List<Known> known) {}

    private record Found(int from, Known known) {

        int to() {
            return from + known.form().length();
        }
    }

    private final List<OfLength> lengths = new ArrayList<>();

    public SubjectSearch(List<Subject> subjects) {
        TreeMap<Integer, OfLength> byLength = new TreeMap<>();
        for (Subject subject : subjects) {
            for (Subject.Form form : subject.forms()) {
                OfLength same = byLength.computeIfAbsent(
                        form.length(), length -> new OfLength(length, new BitSet(), new ArrayList<>()));
                same.sums().set(form.sum());
                same.known().add(new Known(subject, form));
            }
        }
        lengths.addAll(byLength.values());
    }

    /** Whether there is nothing to look for. */
    public boolean isEmpty() {
        return lengths.isEmpty();
    }

    /** Whether what identifies an object has such a value in it: the whole object goes then. */
    public boolean isIn(ObjectKey key, String kind) {
        if (isEmpty()) {
            return false;
        }
        String all = key.type().group() + "\n" + key.type().resource() + "\n" + key.namespace() + "\n" + key.name()
                + "\n" + kind;
        return !find(all.getBytes(StandardCharsets.UTF_8)).isEmpty();
    }

    /** The bytes without such values; the same array if there are none. */
    public byte[] without(byte[] bytes) {
        List<Found> all = isEmpty() ? List.of() : find(bytes);
        if (all.isEmpty()) {
            return bytes;
        }
        byte[] own = bytes.clone();
        ByteArrayOutputStream cleaned = new ByteArrayOutputStream(bytes.length);
        for (Found found : all) {
            Subject.Form form = found.known().form();
            if (form.kind() >= 0) {
                SubjectBase64.overwrite(own, found.from(), form.length(), form.kind());
            }
        }
        int written = 0;
        for (Found found : all) {
            Subject.Form form = found.known().form();
            if (form.kind() < 0) {
                cleaned.write(own, written, found.from() - written);
                cleaned.writeBytes(found.known().subject().replacement(form));
                written = found.to();
            }
        }
        cleaned.write(own, written, own.length - written);
        return cleaned.toByteArray();
    }

    /**
     * A version without such values: the same one if there are none, null if it cannot be without: then the value is part of what
     * identifies it.
     */
    public ObjectVersion without(ObjectVersion version) {
        if (isEmpty()) {
            return version;
        }
        byte[] body = version.body();
        byte[] cleaned = without(body);
        if (Arrays.equals(cleaned, body)) {
            return version;
        }
        return isSame(body, cleaned)
                ? new RawVersion(
                        version.key(),
                        version.kind(),
                        version.uid(),
                        version.resourceVersion(),
                        version.observedAt(),
                        version.validTo(),
                        version.operation(),
                        cleaned)
                : null;
    }

    /** As {@link #without(ObjectVersion)}; null, too, if the object is {@linkplain #isIn named} like that. */
    public Change without(Change change) {
        if (isEmpty()) {
            return change;
        }
        byte[] cleaned = without(change.body());
        boolean isClean = Arrays.equals(cleaned, change.body());
        if (isIn(change.key(), change.kind()) || (!isClean && !isSame(change.body(), cleaned))) {
            return null;
        }
        return isClean
                ? change
                : new Change(
                        change.key(),
                        change.kind(),
                        change.uid(),
                        change.resourceVersion(),
                        change.observedAt(),
                        change.operation(),
                        cleaned);
    }

    /** Whether it still is JSON, about the same object. */
    private static boolean isSame(byte[] body, byte[] cleaned) {
        try {
            JsonNode before = JSON.readTree(body);
            JsonNode after = JSON.readTree(cleaned);
            return IDENTITY.stream().allMatch(path -> before.at(path).equals(after.at(path)));
        } catch (JacksonException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the order of the bytes, none over another: the longest of those that begin at a place. */
    private List<Found> find(byte[] bytes) {
        List<Found> all = new ArrayList<>();
        for (OfLength each : lengths) {
            find(bytes, each, all);
        }
        if (all.size() < 2) {
            return all;
        }
        all.sort(Comparator.comparingInt(Found::from)
                .thenComparing(Comparator.comparingInt(Found::to).reversed()));
        List<Found> apart = new ArrayList<>();
        for (Found found : all) {
            if (apart.isEmpty() || apart.getLast().to() <= found.from()) {
                apart.add(found);
            }
        }
        return apart;
    }

    private static void find(byte[] bytes, OfLength wanted, List<Found> all) {
        int length = wanted.length();
        RollingSum sum = new RollingSum(length);
        for (int at = 0; at < bytes.length; at++) {
            if (at >= length) {
                sum.remove(bytes[at - length]);
            }
            sum.add(bytes[at]);
            int from = at - length + 1;
            if (from >= 0 && wanted.sums().get(sum.value())) {
                for (Known known : wanted.known()) {
                    if (known.form().sum() == sum.value() && known.subject().isForm(known.form(), bytes, from)) {
                        all.add(new Found(from, known));
                        break;
                    }
                }
            }
        }
    }
}
