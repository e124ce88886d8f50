{
  deepLinking: false, // deep links would be links within buttons
  presets: [
    SwaggerUIBundle.presets.apis,
    () => ({
      wrapComponents: {
        // What the API is about stands in no landmark of its own.
        InfoContainer: (Info, { React }) => (props) =>
          React.createElement("header", { role: "banner" }, React.createElement(Info, props)),
      },
    }),
  ],
}
