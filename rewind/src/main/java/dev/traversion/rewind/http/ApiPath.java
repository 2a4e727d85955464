/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a path under {@code /api/<version>} or {@code /apis/<group>/<version>} names.
 *
 * @param namespace {@code ""} for none
 * @param name {@code ""} for the collection
 * @param subresource {@code ""} for none; what follows it is part of it
 * @param watch whether the path has the old {@code /watch/} prefix
 */
public record ApiPath(
        String group,
        String version,
        String namespace,
        String resource,
        String name,
        String subresource,
        boolean watch) {

    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

    /** Empty if the path names no resource. */
    public static Optional<ApiPath> parse(List<String> path) {
        boolean core = path.getFirst().equals("api");
        int groupParts = core ? 2 : 3;
        if (path.size() <= groupParts) {
            return Optional.empty();
        }
        String group = core ? "" : path.get(1);
        String version = path.get(groupParts - 1);
        List<String> rest = path.subList(groupParts, path.size());
        boolean watch = rest.getFirst().equals("watch");
        if (watch) {
            rest = rest.subList(1, rest.size());
        }
        String namespace = "";
        if (rest.size() > 2
                && rest.getFirst().equals("namespaces")
                && !(rest.size() == 3 && NAMESPACE_SUBRESOURCES.contains(rest.get(2)))) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        if (rest.isEmpty() || rest.stream().anyMatch(String::isEmpty)) {
            return Optional.empty();
        }
        return Optional.of(new ApiPath(
                group,
                version,
                namespace,
                rest.getFirst(),
                rest.size() > 1 ? rest.get(1) : "",
                rest.size() > 2 ? String.join("/", rest.subList(2, rest.size())) : "",
                watch));
    }
}
