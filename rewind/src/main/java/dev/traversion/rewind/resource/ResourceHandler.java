/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.cluster.Conversion;
import dev.traversion.rewind.cluster.Gaps;
import dev.traversion.rewind.cluster.StoredForm;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.discovery.ServedResource;
import dev.traversion.rewind.http.ApiPath;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.Representation;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.output.ResourceForm;
import dev.traversion.rewind.selector.FieldSelector;
import dev.traversion.rewind.selector.SelectableFields;
import dev.traversion.rewind.selector.SelectorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers reads of one resource at one moment. Used for one request. */
public final class ResourceHandler {

    /** As for the API server, a list of one name is allowed to those who may list that. */
    private static final Pattern BY_NAME = Pattern.compile("metadata\\.name==?([A-Za-z0-9.:-]+)");

    private final Exchange exchange;
    private final View view;
    private final ApiPath path;
    private final ServedResource resource;
    private final Optional<JsonNode> definition;

    /** The type under which the objects are recorded; events are served in two groups and recorded in one. */
    private final ResourceType stored;

    public ResourceHandler(Exchange exchange, View view, ApiPath path, ServedResource resource) {
        this.exchange = exchange;
        this.view = view;
        this.path = path;
        this.resource = resource;
        this.stored = view.cluster().storedType(resource.type(), view.time());
        this.definition = view.cluster().definition(resource.type(), view.time());
    }

    /** What is asked for, in the words of an authorizer. */
    public static Read.Objects read(Exchange exchange, View view, ApiPath path) {
        boolean isObject = !path.name().isEmpty() && !path.watch();
        boolean isWatch = !isObject && ListOptions.of(exchange, path.watch()).watch();
        Matcher byName = BY_NAME.matcher(exchange.query("fieldSelector"));
        return new Read.Objects(
                view.past(),
                isObject ? "get" : isWatch ? "watch" : "list",
                new ResourceType(path.group(), path.resource()),
                path.subresource().split("/", 2)[0],
                path.namespace(),
                path.name().isEmpty() && byName.matches() ? byName.group(1) : path.name());
    }

    public void handle() throws IOException {
        if (resource.namespaced() == path.namespace().isEmpty() && !path.name().isEmpty()) {
            throw StatusFailure.unknownResource();
        }
        if (!resource.namespaced() && !path.namespace().isEmpty()) {
            throw StatusFailure.unknownResource();
        }
        Deprecations.warning(view, resource, definition).ifPresent(exchange::warn);
        if (path.name().isEmpty()) {
            collection(ListOptions.of(exchange, path.watch()), "");
        } else if (path.watch()) {
            collection(ListOptions.of(exchange, true), path.name());
        } else {
            get();
        }
    }

    private void get() throws IOException {
        if (!path.subresource().isEmpty() && !resource.subresources().contains(path.subresource())) {
            throw StatusFailure.unknownResource();
        }
        Representation representation = exchange.representation();
        checkNotTooLarge(exchange.query("resourceVersion"), view.time());
        warnOfGap(view.time());
        Optional<ObjectVersion> version =
                view.history().get(new ObjectKey(stored, path.namespace(), path.name()), view.time());
        if (version.isEmpty()) {
            throw StatusFailure.notFound(resource.type(), path.name());
        }
        if (representation.shape() == Representation.Shape.METADATA_LIST) {
            throw StatusFailure.notAcceptable(
                    "you requested PartialObjectMetadataList, but the requested object is not a list");
        }
        ResourceForm form = form(StoredForm.of(version.get()));
        if (path.subresource().equals("scale")) {
            scale(representation, version.get(), form);
            return;
        }
        new Answer(exchange, view, resource, definition, form).object(representation, version.get());
    }

    private void scale(Representation representation, ObjectVersion version, ResourceForm form) throws IOException {
        ServedResource scale = ScaleConversion.RESOURCE;
        ResourceForm converted = new ResourceForm(
                scale.kind(),
                scale.kind() + "List",
                scale.apiVersion(),
                false,
                form.stored(),
                new ScaleConversion(resource, definition));
        new Answer(exchange, view, scale, Optional.empty(), converted).object(representation, version);
    }

    private void collection(ListOptions options, String name) throws IOException {
        String fields = name.isEmpty() ? options.fieldSelector() : "metadata.name=" + name;
        Selection selection = new Selection(options.labels(), fieldSelector(fields));
        if (options.watch()) {
            warnOfGap(view.time());
            new Watch(exchange, view, resource, stored, path.namespace(), selection, options, formAt(view), definition)
                    .run();
        } else {
            list(options, selection);
        }
    }

    private void list(ListOptions options, Selection selection) throws IOException {
        Representation representation = exchange.representation();
        if (representation.shape() == Representation.Shape.METADATA) {
            throw StatusFailure.notAcceptable(
                    "you requested PartialObjectMetadata, but the requested object is a list");
        }
        ListPage page = page(options);
        warnOfGap(page.time());
        ResourceForm form = formAt(view.at(page.time()));
        new Answer(exchange, view.at(page.time()), resource, definition, form)
                .list(representation, page, selection, view.time());
    }

    private ListPage page(ListOptions options) {
        if (!options.continueToken().isEmpty()) {
            ContinueToken token = ContinueToken.parse(options.continueToken());
            if (!options.isAnyVersion()) {
                throw StatusFailure.badRequest("specifying resource version is not allowed when using continue");
            }
            if (token.moment() != view.pace().end()) {
                throw StatusFailure.expired(
                        "The provided continue parameter is of another moment. You must start a new list"
                                + " without the continue parameter.");
            }
            if (token.time() < view.history().start()
                    || token.time() > view.history().end()) {
                throw ContinueToken.expired();
            }
            return new ListPage(
                    stored,
                    resource.namespaced(),
                    path.namespace(),
                    token.moment(),
                    token.time(),
                    token.resourceVersion(),
                    token.key(stored),
                    options.limit());
        }
        long now = view.time();
        String current = view.history().resourceVersion(stored, now);
        checkNotTooLarge(options.resourceVersion(), now);
        if (!options.isExactVersion()) {
            return new ListPage(
                    stored,
                    resource.namespaced(),
                    path.namespace(),
                    view.pace().end(),
                    now,
                    current.isEmpty() ? "0" : current,
                    null,
                    options.limit());
        }
        long then = Math.min(now, timeOf(options.resourceVersion()));
        return new ListPage(
                stored,
                resource.namespaced(),
                path.namespace(),
                view.pace().end(),
                then,
                options.resourceVersion(),
                null,
                options.limit());
    }

    private long timeOf(String resourceVersion) {
        return view.history()
                .timeOf(stored, resourceVersion)
                .orElseThrow(
                        () -> StatusFailure.expired(
                                "The resourceVersion for the provided list is too old: the recording does not reach back to it."));
    }

    private void checkNotTooLarge(String resourceVersion, long time) {
        if (resourceVersion.isEmpty() || resourceVersion.equals("0")) {
            return;
        }
        ListOptions.checkVersion(resourceVersion).ifPresent(problem -> {
            throw StatusFailure.badRequest("invalid resource version: " + problem);
        });
        String current = view.history().resourceVersion(stored, time);
        if (ResourceVersions.compare(resourceVersion, current) > 0) {
            throw StatusFailure.tooLargeVersion(resourceVersion, current);
        }
    }

    private FieldSelector fieldSelector(String text) {
        SelectableFields fields = definition
                .map(crd -> SelectableFields.ofCustomResource(resource.namespaced(), selectablePaths(crd)))
                .orElseGet(() -> SelectableFields.of(resource.type(), stored));
        try {
            return FieldSelector.parse(text, fields);
        } catch (SelectorException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
    }

    private List<String> selectablePaths(JsonNode crd) {
        List<String> paths = new ArrayList<>();
        for (JsonNode version : crd.path("spec").path("versions")) {
            if (version.path("name").asText().equals(resource.version())) {
                version.path("selectableFields")
                        .forEach(field -> paths.add(field.path("jsonPath").asText()));
            }
        }
        return paths;
    }

    private void warnOfGap(long time) {
        Gaps.warning(view.history(), stored, path.namespace(), time).ifPresent(exchange::warn);
    }

    /** The form for a list: that of the first object, or for an empty one that asked for. */
    private ResourceForm formAt(View at) throws IOException {
        boolean custom = definition.isPresent();
        StoredForm asked = new StoredForm(resource.kind(), resource.apiVersion(), custom);
        return form(StoredForm.of(at.history(), stored, at.time()).orElse(asked));
    }

    private ResourceForm form(StoredForm recorded) {
        Conversion conversion = Conversion.find(recorded, resource.apiVersion(), definition)
                .orElseThrow(() -> StatusFailure.notAcceptable(resource.type() + " was recorded in version "
                        + recorded.apiVersion() + " and cannot be shown in " + resource.apiVersion() + "; ask for "
                        + recorded.apiVersion()));
        String listKind = definition
                .map(crd -> crd.path("spec").path("names").path("listKind").asText(""))
                .filter(text -> !text.isEmpty())
                .orElse(resource.kind() + "List");
        boolean custom = definition.isPresent() || recorded.alphabetical();
        return new ResourceForm(resource.kind(), listKind, resource.apiVersion(), custom, recorded, conversion);
    }
}
