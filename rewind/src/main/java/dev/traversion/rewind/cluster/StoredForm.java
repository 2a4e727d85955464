/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.json.Body;
import dev.traversion.rewind.json.JsonScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The form in which objects of a type were recorded.
 *
 * @param apiVersion such as {@code apps/v1}
 * @param alphabetical whether members are in alphabetical order, as in custom resources, instead of the order of a Go type
 */
public record StoredForm(String kind, String apiVersion, boolean alphabetical) {

    private static final byte[][] KIND = JsonScanner.path("kind");
    private static final byte[][] API_VERSION = JsonScanner.path("apiVersion");

    /** That of the first object of a type at {@code time}; empty if there is none. */
    public static Optional<StoredForm> of(History history, ResourceType type, long time) throws IOException {
        StoredForm[] form = new StoredForm[1];
        history.list(type, "", null, time, version -> {
            form[0] = of(new Body().read(version, false));
            return false;
        });
        return Optional.ofNullable(form[0]);
    }

    public static StoredForm of(ObjectVersion version) throws IOException {
        return of(new Body().read(version, false));
    }

    private static StoredForm of(Body body) {
        boolean alphabetical = body.length() > 2 && body.bytes()[2] == 'a';
        return new StoredForm(body.text(KIND), body.text(API_VERSION), alphabetical);
    }

    /**
     * What every body of this form begins with. Items of a list of a built-in kind come without it; in alphabetical order other
     * members may come before the kind.
     */
    public byte[] head() {
        String head = alphabetical
                ? "{\"apiVersion\":\"" + apiVersion + "\","
                : "{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\",";
        return head.getBytes(StandardCharsets.UTF_8);
    }
}
