/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import okhttp3.Request;

/**
 * Credentials, by fabric8's interceptors: tokens, those of exec plugins and of OpenID Connect and their renewal, user and password,
 * impersonation, and headers of the configuration. Safe for concurrent use.
 */
final class Signing {

    private final List<Interceptor> interceptors;
    private final Interceptor.RequestTags tags;

    /** @param requestConfig whom to impersonate */
    Signing(List<Interceptor> interceptors, RequestConfig requestConfig) {
        this.interceptors = interceptors;
        this.tags = new Interceptor.RequestTags() {
            @Override
            public <T> T getTag(Class<T> type) {
                return type.isInstance(requestConfig) ? type.cast(requestConfig) : null;
            }
        };
    }

    /** A GET that is about to be signed, sent, and, if the credentials were too old, signed anew. */
    final class Signed {
        private final StandardHttpRequest.Builder builder = new StandardHttpRequest.Builder();

        private Signed(String url, String accept) {
            builder.uri(URI.create(url));
            builder.header("Accept", accept);
            // To compress takes longer than to send; and OkHttp would ask for it by itself.
            builder.header("Accept-Encoding", "identity");
            interceptors.forEach(each -> each.before(builder, builder.build(), tags));
        }

        Request request() {
            StandardHttpRequest signed = builder.build();
            Request.Builder request = new Request.Builder().url(signed.uri().toString());
            for (Map.Entry<String, List<String>> header : signed.headers().entrySet()) {
                header.getValue().forEach(value -> request.addHeader(header.getKey(), value));
            }
            return request.build();
        }

        /** Whether credentials were renewed, so that it should be tried again. */
        boolean renew(int status) throws IOException, InterruptedException {
            Refusal refusal = new Refusal(status, builder.build());
            try {
                for (Interceptor each : interceptors) {
                    if (each.afterFailure(builder, refusal, tags).get()) {
                        return true;
                    }
                }
                return false;
            } catch (ExecutionException e) {
                throw new IOException("the credentials could not be renewed: " + e.getCause(), e);
            }
        }
    }

    Signed get(String url, String accept) {
        return new Signed(url, accept);
    }

    /** A refused request, as fabric8 wants to be told of it. */
    private static final class Refusal extends StandardHttpHeaders implements HttpResponse<AsyncBody> {
        private final int status;
        private final HttpRequest request;

        private Refusal(int status, HttpRequest request) {
            this.status = status;
            this.request = request;
        }

        @Override
        public int code() {
            return status;
        }

        @Override
        public AsyncBody body() {
            return null;
        }

        @Override
        public HttpRequest request() {
            return request;
        }

        @Override
        public Optional<HttpResponse<?>> previousResponse() {
            return Optional.empty();
        }
    }
}
