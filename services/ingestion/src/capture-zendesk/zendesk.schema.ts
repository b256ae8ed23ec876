import Type from 'typebox'

const Text = Type.Optional(Type.String())

/** What our triggers send, before it is read: placeholders come as text, titles in the language of the desk. */
export const ZendeskBody = Type.Object(
  {
    event: Type.Union([
      Type.Literal('created'),
      Type.Literal('replied'),
      Type.Literal('updated'),
      Type.Literal('rated'),
    ]),
    ticketId: Type.Union([Type.String(), Type.Integer()], { examples: ['35436'] }),
    status: Type.String({ examples: ['open'] }),
    priority: Type.Optional(Type.String({ examples: ['urgent'] })),
    createdAt: Type.String({ examples: ['2026-01-15T01:40:12Z'] }),
    updatedAt: Type.Optional(Type.String({ examples: ['2026-01-15T01:40:12Z'] })),
    organizationExternalId: Type.Optional(Type.String({ description: 'Your id of the account.', examples: ['acme'] })),
    requesterExternalId: Type.Optional(Type.String({ description: 'Your id of the person.', examples: ['hanako'] })),
    subject: Text,
    comment: Type.Optional(
      Type.Object({
        body: Text,
        public: Type.Optional(Type.Union([Type.String(), Type.Boolean()], { examples: ['true'] })),
        by: Type.Optional(Type.Union([Type.Literal('agent'), Type.Literal('customer')])),
      }),
    ),
    rating: Type.Optional(Type.Object({ score: Type.String({ examples: ['good'] }), comment: Text })),
  },
  {
    title: 'ZendeskTicket',
    description: 'The body of a trigger; deploy/zendesk has those that Banso needs.',
    examples: [
      {
        event: 'created',
        ticketId: '35436',
        status: 'open',
        priority: 'urgent',
        createdAt: '2026-01-15T01:40:12Z',
        updatedAt: '2026-01-15T01:40:12Z',
        organizationExternalId: 'acme',
        requesterExternalId: 'hanako',
        subject: 'The export fails',
        comment: { body: 'Since this morning.', public: 'true', by: 'customer' },
      },
    ],
  },
)

export const TicketTakenSchema = Type.Object({
  status: Type.Literal('accepted'),
  messageId: Type.String({ description: 'Under which its receipt is found.', examples: ['01HZX3Y8Q9'] }),
})
