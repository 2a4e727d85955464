/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import io.fabric8.kubernetes.client.http.TlsVersion;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.net.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/**
 * OkHttp with what fabric8 makes of a kubeconfig and its environment: TLS, proxies, and the interceptors that sign requests.
 *
 * <p>fabric8's own clients hand bytes from thread to thread, which costs more than all that is done with a change; OkHttp's calls read
 * from the socket on the thread that wants the bytes.
 */
final class Connections extends StandardHttpClientBuilder<HttpClient, HttpClient.Factory, Connections> {

    private Connections(HttpClient.Factory factory) {
        super(factory);
    }

    static Connections of(Config config) {
        HttpClient.Factory factory = HttpClientUtils.getHttpClientFactory();
        Connections connections = new Connections(factory);
        HttpClientUtils.applyCommonConfiguration(config, connections, factory);
        return connections;
    }

    /** What adds credentials to requests, and renews them. */
    List<Interceptor> signing() {
        return List.copyOf(interceptors.values());
    }

    /** @param trustAnyName whether the server's certificate may be one of another name */
    OkHttpClient open(boolean trustAnyName) {
        OkHttpClient.Builder http = new OkHttpClient.Builder()
                // One connection a watch: HTTP/2 servers refuse more than some hundred streams on one.
                .protocols(List.of(Protocol.HTTP_1_1))
                .connectionSpecs(List.of(encryption(), ConnectionSpec.CLEARTEXT))
                .followRedirects(followRedirects)
                .readTimeout(Duration.ZERO)
                .socketFactory(new ReadAheadSockets())
                .sslSocketFactory(sslContext.getSocketFactory(), (X509TrustManager) trustManagers[0]);
        if (connectTimeout != null) {
            http.connectTimeout(connectTimeout);
        }
        if (trustAnyName) {
            http.hostnameVerifier((name, session) -> true);
        }
        if (proxyType == HttpClient.ProxyType.DIRECT) {
            http.proxy(Proxy.NO_PROXY);
        } else if (proxyAddress != null) {
            http.proxy(new Proxy(
                    proxyType == HttpClient.ProxyType.HTTP ? Proxy.Type.HTTP : Proxy.Type.SOCKS, proxyAddress));
            authorizeToProxy(http);
        }
        return http.build();
    }

    private ConnectionSpec encryption() {
        if (tlsVersions == null || tlsVersions.length == 0) {
            return ConnectionSpec.COMPATIBLE_TLS;
        }
        return new ConnectionSpec.Builder(ConnectionSpec.COMPATIBLE_TLS)
                .tlsVersions(
                        Arrays.stream(tlsVersions).map(TlsVersion::javaName).toArray(String[]::new))
                .build();
    }

    private void authorizeToProxy(OkHttpClient.Builder http) {
        String header = "Proxy-Authorization";
        if (proxyAuthorization != null) {
            http.proxyAuthenticator((route, refusal) -> refusal.request().header(header) != null
                    ? null
                    : refusal.request()
                            .newBuilder()
                            .header(header, proxyAuthorization)
                            .build());
        }
    }

    /** There is none: OkHttp's client is opened instead. */
    @Override
    public HttpClient build() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected Connections newInstance(HttpClient.Factory factory) {
        return new Connections(factory);
    }
}
