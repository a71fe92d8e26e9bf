import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** AWS's DynamoDB Local on a free port of 127.0.0.1, where by itself it listens on all addresses. */
public class DynamoDbLocal {
    public static void main(String[] arguments) throws Exception {
        String[] options = {"-inMemory", "-disableTelemetry", "-port", "8000"};
        var proxy = ServerRunner.createServerFromCommandLineArgs(options);
        var field = proxy.getClass().getDeclaredField("server");
        field.setAccessible(true);
        Server server = (Server) field.get(proxy);
        ServerConnector connector = (ServerConnector) server.getConnectors()[0];
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.start();
        System.out.println("port " + connector.getLocalPort());
        server.join();
    }
}
