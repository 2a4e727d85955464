/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.kubeconfig;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kubeconfig files in force, by kubectl's rules: --kubeconfig alone, else those KUBECONFIG names, else {@code ~/.kube/config};
 * the first file that says something wins.
 */
public record Kubeconfigs(List<Path> files) {

    /** @param explicit --kubeconfig; {@code ""} if not given */
    public static Kubeconfigs of(String explicit, Map<String, String> environment) {
        if (!explicit.isEmpty()) {
            return new Kubeconfigs(List.of(Path.of(explicit).toAbsolutePath()));
        }
        List<Path> files = new ArrayList<>();
        for (String file : environment.getOrDefault("KUBECONFIG", "").split(File.pathSeparator)) {
            if (!file.isEmpty()) {
                files.add(Path.of(file).toAbsolutePath());
            }
        }
        if (files.isEmpty()) {
            files.add(Path.of(System.getProperty("user.home"), ".kube", "config"));
        }
        return new Kubeconfigs(files);
    }

    public boolean exist() {
        return files.stream().anyMatch(Files::isRegularFile);
    }

    private List<KubeconfigText> texts() {
        return files.stream().map(file -> new KubeconfigFile(file).read()).toList();
    }

    public Optional<String> currentContext() {
        return texts().stream()
                .map(KubeconfigText::currentContext)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The context the user came from, if the current one is a moment; else the current one. */
    public Optional<String> liveContext() {
        Optional<String> before = texts().stream()
                .map(KubeconfigText::contextBefore)
                .flatMap(Optional::stream)
                .findFirst();
        return before.isPresent()
                ? before
                : currentContext().filter(name -> !moments().contains(name));
    }

    public Set<String> contexts() {
        Set<String> contexts = new LinkedHashSet<>();
        texts().forEach(text -> contexts.addAll(text.contexts()));
        return contexts;
    }

    /** The names of contexts which are moments of the past. */
    public Set<String> moments() {
        Set<String> moments = new LinkedHashSet<>();
        texts().forEach(text -> moments.addAll(text.moments()));
        return moments;
    }

    /** The default namespace of a context ({@code ""}: of the current one). */
    public Optional<String> namespace(String context) {
        List<KubeconfigText> texts = texts();
        Optional<String> name = context.isEmpty()
                ? texts.stream()
                        .map(KubeconfigText::currentContext)
                        .flatMap(Optional::stream)
                        .findFirst()
                : Optional.of(context);
        return name.flatMap(n -> texts.stream()
                .filter(text -> text.contexts().contains(n))
                .findFirst()
                .flatMap(text -> text.namespace(n)));
    }

    /** The same as long as nothing but moments and the current context changes. */
    public String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            texts().forEach(text -> digest.update(text.rest().toString().getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The file that says which context is current; the first one if none does. */
    public KubeconfigFile deciding() {
        for (Path file : files) {
            KubeconfigFile candidate = new KubeconfigFile(file);
            if (candidate.read().currentContext().isPresent()) {
                return candidate;
            }
        }
        return new KubeconfigFile(
                files.stream().filter(Files::isRegularFile).findFirst().orElse(files.getFirst()));
    }
}
